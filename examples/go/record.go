// The Secret contract of the Exchange 2FA operator (docs/secret-contract.md) in Go, with the standard library alone.
// record.go reads the annotations, verdict.go says what a login meets, code.go judges a code; none of them reads a
// clock or a network. main.go does, and holds them against test/vectors.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	prefix     = "exchange2fa.io/"
	secretType = "exchange2fa.io/totp"
	// Wrong codes of a kind of browser that are kept, and allowed in 30 days.
	kept     = 25
	rowLimit = 100
	memory   = 30 * 24 * time.Hour
	// 9999-12-31T23:59:59Z: RFC 3339 has no later second.
	lastSecond = 253402300799
	// The whole numbers that every JSON parser tells apart.
	countLimit = 1<<53 - 1
)

// Secret is what a login reads; Data is decoded from base64.
type Secret struct {
	Type        string            `json:"type"`
	Annotations map[string]string `json:"annotations"`
	Data        map[string]string `json:"data"`
}

type window struct{ from, until time.Time }

// Failures is the annotation of that name; instants in Unix seconds, ascending.
type Failures struct {
	Row     int64   `json:"row"`
	Unknown []int64 `json:"unknown"`
	Known   []int64 `json:"known"`
}

type enrollmentCode struct {
	kind, hash string
	expiresAt  time.Time
}

type readRecord struct {
	secondFactor                                  string
	suspended                                     []window
	mintedAt, enrolledAt, enrollUntil, unlockedAt *time.Time
	lastStep                                      *int64
	failures                                      Failures
	code                                          enrollmentCode
}

var (
	ascii    = regexp.MustCompile(`\A[\x20-\x7e]+\z`)
	stepText = regexp.MustCompile(`\A(0|[1-9][0-9]{0,11})\z`)
	codeHash = regexp.MustCompile(`\Asha256:[0-9a-f]{32}:[0-9a-f]{64}\z`)
)

// secretName is the name of an address's Secret; empty for what can't have one.
func secretName(address string) string {
	if !ascii.MatchString(address) {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.ToLower(address)))
	return "totp-" + hex.EncodeToString(sum[:])[:40]
}

const (
	seconds      = "2006-01-02T15:04:05Z"
	milliseconds = "2006-01-02T15:04:05.000Z"
)

// parseTime accepts exactly what it would write: no other form, and no date that does not exist.
func parseTime(form, text string) *time.Time {
	instant, err := time.Parse(form, text)
	if err != nil || instant.Format(form) != text {
		return nil
	}
	return &instant
}

// inWords writes an instant; what is later than RFC 3339 can say is written as its last one.
func inWords(instant time.Time) string {
	if instant.Unix() > lastSecond {
		instant = time.Unix(lastSecond, int64(999*time.Millisecond))
	}
	return instant.UTC().Format(milliseconds)
}

func parseWindows(text string) ([]window, bool) {
	var windows []window
	for _, interval := range strings.Split(text, " ") {
		ends := strings.Split(interval, "/")
		if len(ends) != 2 {
			return nil, false
		}
		from, until := parseTime(seconds, ends[0]), parseTime(seconds, ends[1])
		if from == nil || until == nil || !from.Before(*until) {
			return nil, false
		}
		windows = append(windows, window{*from, *until})
	}
	return windows, true
}

func parseFailures(text string) (Failures, bool) {
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &members) != nil || len(members) != 3 {
		return Failures{}, false
	}
	row, hasRow := parseCount(members["row"], countLimit)
	unknown, hasUnknown := parseInstants(members["unknown"])
	known, hasKnown := parseInstants(members["known"])
	return Failures{row, unknown, known}, hasRow && hasUnknown && hasKnown
}

// parseCount reads a whole number, however JSON writes it: 1.0 and 1e0 are 1.
func parseCount(raw json.RawMessage, limit float64) (int64, bool) {
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return 0, false
	}
	number, is := value.(float64)
	return int64(number), is && number == math.Trunc(number) && number >= 0 && number <= limit
}

func parseInstants(raw json.RawMessage) ([]int64, bool) {
	var members []json.RawMessage
	if json.Unmarshal(raw, &members) != nil || members == nil || len(members) > kept {
		return nil, false
	}
	instants := []int64{}
	for _, member := range members {
		instant, good := parseCount(member, lastSecond)
		if !good {
			return nil, false
		}
		instants = append(instants, instant)
	}
	return instants, slices.IsSorted(instants)
}

func parseEnrollmentCode(text string) (enrollmentCode, bool) {
	if text == "required" {
		return enrollmentCode{kind: "notIssued"}, true
	}
	parts := strings.Split(text, " ")
	if len(parts) != 2 || !codeHash.MatchString(parts[0]) {
		return enrollmentCode{}, false
	}
	expiresAt := parseTime(seconds, parts[1])
	if expiresAt == nil {
		return enrollmentCode{}, false
	}
	return enrollmentCode{"issued", parts[0], *expiresAt}, true
}

// read parses every annotation that decides; the second result names the first one that can't be trusted.
func read(annotations map[string]string) (readRecord, string) {
	record := readRecord{secondFactor: annotations[prefix+"second-factor"], code: enrollmentCode{kind: "none"}}
	instant := func(form string, into **time.Time) func(string) bool {
		return func(text string) bool { *into = parseTime(form, text); return *into != nil }
	}
	readers := []struct {
		name string
		read func(string) bool
	}{
		{"suspended", func(text string) (good bool) { record.suspended, good = parseWindows(text); return }},
		{"minted-at", instant(milliseconds, &record.mintedAt)},
		{"enrolled-at", instant(seconds, &record.enrolledAt)},
		{"enroll-until", instant(seconds, &record.enrollUntil)},
		{"unlocked-at", instant(seconds, &record.unlockedAt)},
		{"last-step", func(text string) bool {
			step, err := strconv.ParseInt(text, 10, 64)
			record.lastStep = &step
			return err == nil && stepText.MatchString(text)
		}},
		{"failures", func(text string) (good bool) { record.failures, good = parseFailures(text); return }},
		{"enrollment-code", func(text string) (good bool) { record.code, good = parseEnrollmentCode(text); return }},
	}
	for _, reader := range readers {
		if text, there := annotations[prefix+reader.name]; there && !reader.read(text) {
			return record, prefix + reader.name
		}
	}
	return record, contradiction(annotations)
}

func contradiction(annotations map[string]string) string {
	_, enrolled := annotations[prefix+"enrolled-at"]
	_, step := annotations[prefix+"last-step"]
	invalid, marked := annotations[prefix+"data-invalid"]
	minted, has := annotations[prefix+"minted-at"]
	switch {
	case enrolled && !step:
		return prefix + "last-step"
	case step && !enrolled:
		return prefix + "enrolled-at"
	case marked && has && invalid == minted:
		return prefix + "data-invalid"
	}
	return ""
}
