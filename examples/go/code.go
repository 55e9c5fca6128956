package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
)

var (
	sixOrEight = regexp.MustCompile(`\A([0-9]{6}|[0-9]{8})\z`)
	unpadded   = base32.StdEncoding.WithPadding(base32.NoPadding)
	hashes     = map[string]func() hash.Hash{"SHA1": sha1.New, "SHA256": sha256.New, "SHA512": sha512.New}
)

// Typed is a code and what was said with it; absent members are nil.
type Typed struct {
	Code                     string
	MintedAt, EnrollmentCode *string
	Browser, Attempt         string
	HonourSuspensions        bool
}

// Answer is compared with the vectors as JSON.
type Answer map[string]any

// digitForms are what NFKC writes as digits, by first, last and the number that the first is.
var digitForms = []struct {
	first, last rune
	number      int
}{
	{'\u00b2', '\u00b3', 2}, {'\u00b9', '\u00b9', 1}, {'\u2070', '\u2070', 0}, {'\u2074', '\u2079', 4}, // superscript
	{'\u2080', '\u2089', 0},                                                                              // subscript
	{'\u24ea', '\u24ea', 0}, {'\u2460', '\u2473', 1}, {'\u3251', '\u325f', 21}, {'\u32b1', '\u32bf', 36}, // in circles
	{'\uff10', '\uff19', 0},                                                                           // full-width
	{'\U0001ccf0', '\U0001ccf9', 0},                                                                   // in outline
	{'\U0001d7ce', '\U0001d7d7', 0}, {'\U0001d7d8', '\U0001d7e1', 0}, {'\U0001d7e2', '\U0001d7eb', 0}, // mathematical
	{'\U0001d7ec', '\U0001d7f5', 0}, {'\U0001d7f6', '\U0001d7ff', 0},
	{'\U0001fbf0', '\U0001fbf9', 0}, // of segments
}

// normal is NFKC as far as codes need it, as the standard library has none: digits, the other full-width characters and
// the minus signs. Other letters in an enrolment code make it a wrong one, which counts nowhere.
func normal(each rune) string {
	for _, form := range digitForms {
		if form.first <= each && each <= form.last {
			return strconv.Itoa(form.number + int(each-form.first))
		}
	}
	switch {
	case each >= '\uff01' && each <= '\uff5e':
		return string(each - '\uff01' + '!')
	case each == '\u207b' || each == '\u208b':
		return "\u2212"
	}
	return string(each)
}

// isSpace is not unicode.IsSpace, which has U+0085 too, and not U+FEFF.
func isSpace(each rune) bool {
	return strings.ContainsRune("\t\n\v\f\r\u2028\u2029\ufeff", each) || unicode.Is(unicode.Zs, each)
}

// plain takes out what people put between characters; empty for what is longer than any code.
func plain(text string) string {
	if len(utf16.Encode([]rune(text))) > 64 {
		return ""
	}
	var found strings.Builder
	for _, typed := range text {
		for _, each := range normal(typed) {
			if !isSpace(each) && !unicode.Is(unicode.Pd, each) {
				found.WriteRune(each)
			}
		}
	}
	return found.String()
}

func digitsOf(typed string) string {
	if text := strings.ReplaceAll(plain(typed), "\u2212", ""); sixOrEight.MatchString(text) {
		return text
	}
	return ""
}

func isEnrollmentCode(typed, hashed string) bool {
	parts := strings.Split(hashed, ":")
	salt, _ := hex.DecodeString(parts[1])
	text := strings.NewReplacer("I", "1", "L", "1", "O", "0").Replace(strings.ToUpper(plain(typed)))
	found := sha256.Sum256(append(salt, text...))
	return text != "" && subtle.ConstantTimeCompare([]byte(hex.EncodeToString(found[:])), []byte(parts[2])) == 1
}

type seed struct {
	key            []byte
	algorithm      func() hash.Hash
	digits, period int64
}

// decodeSeed reads 128 to 512 bits in base32 without padding, and is nil for anything else.
func decodeSeed(text string) []byte {
	key, err := unpadded.DecodeString(text)
	if err != nil || len(key) < 16 || len(key) > 64 || unpadded.EncodeToString(key) != text {
		return nil
	}
	return key
}

// readSeed is nil if the Secret's data are not as promised.
func readSeed(data map[string]string) *seed {
	algorithm, digits, period := hashes[data["algorithm"]], data["digits"], data["period"]
	key := decodeSeed(data["seed"])
	if key == nil || algorithm == nil || !strings.HasPrefix(data["otpauth-uri"], "otpauth://totp/") {
		return nil
	}
	if (digits != "6" && digits != "8") || (period != "30" && period != "60") {
		return nil
	}
	count, _ := strconv.ParseInt(digits, 10, 64)
	length, _ := strconv.ParseInt(period, 10, 64)
	return &seed{key, algorithm, count, length}
}

// codeAt is RFC 6238 for one time step.
func (s *seed) codeAt(step int64) string {
	mac := hmac.New(s.algorithm, s.key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 15
	number := int64(binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff)
	limit := int64(1_000_000)
	if s.digits == 8 {
		limit = 100_000_000
	}
	return fmt.Sprintf("%0*d", s.digits, number%limit)
}

// judge gives the answer, and the annotations to write before it is given (nil: none).
func judge(secret *Secret, typed Typed, now time.Time) (Answer, map[string]string) {
	digits := digitsOf(typed.Code)
	if digits == "" {
		return Answer{"answer": "malformed"}, nil
	}
	verdict := secondFactor(secret, now, typed.Browser)
	if verdict.Reason == "Suspended" && !typed.HonourSuspensions {
		others := maps.Clone(secret.Annotations)
		delete(others, prefix+"suspended")
		verdict = secondFactor(&Secret{secret.Type, others, secret.Data}, now, typed.Browser)
	}
	if answer := stop(secret, verdict, typed); answer != nil {
		return answer, nil
	}
	data := readSeed(secret.Data)
	if data == nil {
		return Answer{"answer": "dataInvalid"}, map[string]string{prefix + "data-invalid": secret.Annotations[prefix+"minted-at"]}
	}
	if int64(len(digits)) != data.digits {
		return Answer{"answer": "malformed"}, nil
	}
	record, _ := read(secret.Annotations)
	return judgeCode(record, data, digits, typed, now)
}

func stop(secret *Secret, verdict Verdict, typed Typed) Answer {
	if verdict.Kind == "none" || verdict.Kind == "deny" {
		answer := Answer{"answer": verdict.Kind, "reason": verdict.Reason}
		if !verdict.Until.IsZero() {
			answer["until"] = inWords(verdict.Until)
		}
		return answer
	}
	if typed.MintedAt != nil && *typed.MintedAt != secret.Annotations[prefix+"minted-at"] {
		return Answer{"answer": "seedChanged"}
	}
	switch code := typed.EnrollmentCode; {
	case verdict.Code.kind == "notIssued":
		return Answer{"answer": "enrollmentCode", "problem": "notIssued"}
	case verdict.Code.kind != "issued":
	case code == nil || strings.TrimFunc(*code, isSpace) == "":
		return Answer{"answer": "enrollmentCode", "problem": "missing"}
	case !isEnrollmentCode(*code, verdict.Code.hash):
		return Answer{"answer": "enrollmentCode", "problem": "wrong"}
	}
	if !verdict.NotBefore.IsZero() {
		return Answer{"answer": "waiting", "notBefore": inWords(verdict.NotBefore)}
	}
	return nil
}

func judgeCode(record readRecord, data *seed, digits string, typed Typed, now time.Time) (Answer, map[string]string) {
	enrolled := record.enrolledAt != nil
	present := now.Unix() / data.period
	failures := remembered(record.failures, now)
	isNear, unused, offBy := false, int64(-1), int64(0)
	for step := present - 10; step <= present+10; step++ {
		if subtle.ConstantTimeCompare([]byte(data.codeAt(step)), []byte(digits)) != 1 {
			continue
		}
		ahead := step - present
		if ahead >= -1 && ahead <= 1 {
			isNear = true
			if record.lastStep == nil || step > *record.lastStep {
				unused = step
			}
		} else if (!enrolled || ahead < 0) && (offBy == 0 || abs(ahead) < abs(offBy)) {
			// Later than enrolment, a hint at a future step would tell a guesser when his guess is good.
			offBy = ahead
		}
	}
	switch {
	case unused >= 0:
		before := failures.Row
		failures.Row = 0
		patch := written(failures, typed.Attempt)
		patch[prefix+"last-step"] = strconv.FormatInt(unused, 10)
		if !enrolled {
			patch[prefix+"enrolled-at"] = now.UTC().Format(seconds)
		}
		return Answer{"answer": "accepted", "firstCode": !enrolled, "wrongCodesBefore": before}, patch
	case isNear:
		return Answer{"answer": "replayed"}, nil
	}
	failures.Row++
	if typed.Browser == "known" {
		failures.Known = oneMore(failures.Known, now)
	} else {
		failures.Unknown = oneMore(failures.Unknown, now)
	}
	answer := Answer{"answer": "wrong", "wrongCodes": failures.Row}
	if offBy != 0 {
		answer["phoneAhead"] = offBy
	}
	return answer, written(failures, typed.Attempt)
}

func abs(number int64) int64 { return max(number, -number) }

// remembered leaves out what is older than 30 days.
func remembered(failures Failures, now time.Time) Failures {
	recent := func(instants []int64) []int64 {
		found := []int64{}
		for _, each := range instants {
			if time.Unix(each, 0).Add(memory).After(now) {
				found = append(found, each)
			}
		}
		return found
	}
	return Failures{failures.Row, recent(failures.Unknown), recent(failures.Known)}
}

// oneMore stays ascending, even if the clock was set back.
func oneMore(instants []int64, now time.Time) []int64 {
	second := now.Unix()
	if len(instants) > 0 {
		second = max(second, instants[len(instants)-1])
	}
	instants = append(instants, second)
	return instants[max(0, len(instants)-kept):]
}

func written(failures Failures, attempt string) map[string]string {
	text, _ := json.Marshal(failures)
	return map[string]string{prefix + "failures": string(text), prefix + "attempt": attempt}
}
