package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"time"
)

type vector struct {
	Name              string          `json:"name"`
	Address           string          `json:"address"`
	Now               time.Time       `json:"now"`
	Browser           string          `json:"browser"`
	Record            *Secret         `json:"record"`
	Secret            *Secret         `json:"secret"`
	HonourSuspensions bool            `json:"honourSuspensions"`
	Typed             string          `json:"typed"`
	MintedAt          *string         `json:"mintedAt"`
	EnrollmentCode    *string         `json:"enrollmentCode"`
	Attempt           string          `json:"attempt"`
	Verdict           json.RawMessage `json:"verdict"`
	Answer            json.RawMessage `json:"answer"`
	Patch             json.RawMessage `json:"patch"`
}

func load(folder, name string, into any) {
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// same compares as JSON, whatever the types.
func same(found any, wanted json.RawMessage) bool {
	text, _ := json.Marshal(found)
	var one, other any
	return json.Unmarshal(text, &one) == nil && json.Unmarshal(wanted, &other) == nil && reflect.DeepEqual(one, other)
}

func verdictInWords(verdict Verdict) map[string]any {
	words := map[string]any{"kind": verdict.Kind}
	for name, text := range map[string]string{"reason": verdict.Reason, "annotation": verdict.Annotation} {
		if text != "" {
			words[name] = text
		}
	}
	for name, instant := range map[string]time.Time{"until": verdict.Until, "notBefore": verdict.NotBefore} {
		if !instant.IsZero() {
			words[name] = inWords(instant)
		}
	}
	if code := verdict.Code; code.kind == "issued" {
		words["enrollmentCode"] = map[string]any{"kind": code.kind, "hash": code.hash, "expiresAt": inWords(code.expiresAt)}
	} else if code.kind != "" {
		words["enrollmentCode"] = map[string]any{"kind": code.kind}
	}
	return words
}

// vectors holds this implementation against test/vectors; the number that failed.
func vectors(folder string) (failed int) {
	total := 0
	check := func(name string, good bool, found any) {
		total++
		if !good {
			failed++
			fmt.Printf("%q: found %v\n", name, found)
		}
	}
	var names struct {
		Cases []struct {
			Address string
			Name    *string
		}
	}
	load(folder, "names.json", &names)
	for _, each := range names.Cases {
		found := secretName(each.Address)
		check(each.Address, (each.Name == nil && found == "") || (each.Name != nil && found == *each.Name), found)
	}
	var verdicts, codes struct{ Cases []vector }
	load(folder, "second-factor.json", &verdicts)
	for _, each := range verdicts.Cases {
		found := verdictInWords(secondFactor(each.Record, each.Now, each.Browser))
		check(each.Name, same(found, each.Verdict), found)
	}
	load(folder, "codes.json", &codes)
	for _, each := range codes.Cases {
		typed := Typed{each.Typed, each.MintedAt, each.EnrollmentCode, each.Browser, each.Attempt, each.HonourSuspensions}
		answer, patch := judge(each.Secret, typed, each.Now)
		check(each.Name, same(answer, each.Answer) && same(patch, each.Patch), []any{answer, patch})
	}
	fmt.Printf("%d of %d vectors pass\n", total-failed, total)
	return failed
}
