package main

import "time"

// Verdict is what a login meets; instants that are zero are absent.
type Verdict struct {
	Kind, Reason, Annotation string
	Until, NotBefore         time.Time
	Code                     enrollmentCode
}

func deny(reason string) Verdict { return Verdict{Kind: "deny", Reason: reason} }

// secondFactor decides from type and annotations alone; browser is "known" or "unknown".
func secondFactor(secret *Secret, now time.Time, browser string) Verdict {
	if secret == nil || secret.Type != secretType {
		return deny("NoSecret")
	}
	if _, orphaned := secret.Annotations[prefix+"orphaned-at"]; orphaned {
		return deny("Orphaned")
	}
	record, unreadable := read(secret.Annotations)
	if unreadable != "" {
		return Verdict{Kind: "deny", Reason: "SecretInvalid", Annotation: unreadable}
	}
	switch record.secondFactor {
	case "off":
		return Verdict{Kind: "none", Reason: "Off"}
	case "required":
	default:
		return deny("Refused")
	}
	for _, each := range record.suspended {
		if !now.Before(each.from) && now.Before(each.until) {
			return Verdict{Kind: "none", Reason: "Suspended", Until: each.until}
		}
	}
	if record.mintedAt == nil {
		return deny("SeedLost")
	}
	return whenAsked(record, now, browser)
}

func whenAsked(record readRecord, now time.Time, browser string) Verdict {
	wrong := counted(record, now, browser)
	if record.failures.Row >= rowLimit {
		return deny("Locked")
	}
	var recent []time.Time
	for _, each := range wrong {
		if each.Add(memory).After(now) {
			recent = append(recent, each)
		}
	}
	if len(recent) >= kept {
		return Verdict{Kind: "deny", Reason: "Locked", Until: recent[0].Add(memory)}
	}
	wait := notBefore(record.failures.Row, wrong, now)
	if record.enrolledAt != nil {
		return Verdict{Kind: "code", NotBefore: wait}
	}
	if record.enrollUntil != nil && !now.Before(*record.enrollUntil) {
		return deny("EnrollmentExpired")
	}
	code := record.code
	if code.kind == "issued" && !now.Before(code.expiresAt) {
		code = enrollmentCode{kind: "notIssued"}
	}
	return Verdict{Kind: "enroll", Code: code, NotBefore: wait}
}

// counted are the wrong codes of this kind of browser that no unlock has forgiven.
func counted(record readRecord, now time.Time, browser string) []time.Time {
	instants := record.failures.Unknown
	if browser == "known" {
		instants = record.failures.Known
	}
	var wrong []time.Time
	for _, each := range instants {
		instant := time.Unix(each, 0).UTC()
		unlocked := record.unlockedAt
		if unlocked == nil || unlocked.After(now) || instant.After(*unlocked) {
			wrong = append(wrong, instant)
		}
	}
	return wrong
}

func notBefore(row int64, wrong []time.Time, now time.Time) time.Time {
	count := min(row, int64(len(wrong)))
	if count < 5 {
		return time.Time{}
	}
	wait := min(30*time.Second<<(count-5), time.Hour)
	if until := wrong[len(wrong)-1].Add(wait); now.Before(until) {
		return until
	}
	return time.Time{}
}
