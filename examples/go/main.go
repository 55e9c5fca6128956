package main

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

const usage = `A login service in one page: asks for the second factor of one account, straight from its Secret.

    go run . vectors FOLDER              holds this implementation against test/vectors
    go run . NAMESPACE ADDRESS CODE      judges a code

Environment: KUBE_SERVER (https://…), KUBE_CA (file), KUBE_TOKEN (file with a token of an identity with the Role of
manifests/tenant-login). Prints the answer as JSON; exit code 0 if the person is to be let in, 1 if not, 2 for wrong usage
(of the program that "go build" makes: "go run" says 1 for both).
`

const (
	deadline = 5 * time.Second
	attempts = 10
)

// errLost: a write may or may not have happened.
var errLost = errors.New("the answer to a write was lost")

type apiServer struct {
	server, tokenFile string
	client            *http.Client
}

// connect fails, which says nothing of the person, where the environment does not name an API server.
func connect() (*apiServer, error) {
	for _, name := range []string{"KUBE_SERVER", "KUBE_CA", "KUBE_TOKEN"} {
		if os.Getenv(name) == "" {
			return nil, fmt.Errorf("the environment lacks %s", name)
		}
	}
	if !strings.HasPrefix(os.Getenv("KUBE_SERVER"), "https://") {
		return nil, errors.New("KUBE_SERVER must begin with https://")
	}
	if _, err := os.ReadFile(os.Getenv("KUBE_TOKEN")); err != nil {
		return nil, fmt.Errorf("KUBE_TOKEN can't be used: %w", err)
	}
	ca, err := os.ReadFile(os.Getenv("KUBE_CA"))
	if err != nil {
		return nil, fmt.Errorf("KUBE_CA can't be used: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		return nil, errors.New("KUBE_CA can't be used: no certificate is in it")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	client := &http.Client{Transport: transport, Timeout: deadline}
	return &apiServer{os.Getenv("KUBE_SERVER"), os.Getenv("KUBE_TOKEN"), client}, nil
}

// ask decodes the answer into `into`, which may be nil, and gives status and Date.
func (api *apiServer) ask(method, path string, body, into any) (int, time.Time, error) {
	token, err := os.ReadFile(api.tokenFile)
	if err != nil {
		return 0, time.Time{}, err
	}
	text, _ := json.Marshal(body)
	request, err := http.NewRequest(method, api.server+path, bytes.NewReader(text))
	if err != nil {
		return 0, time.Time{}, err
	}
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	request.Header.Set("Accept", "application/json")
	lost := func(err error) error { return err }
	if method == http.MethodPatch {
		request.Header.Set("Content-Type", "application/merge-patch+json")
		// The seed does not come back with the answer.
		request.Header.Set("Accept", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1")
		lost = func(error) error { return errLost }
	}
	answer, err := api.client.Do(request)
	if err != nil {
		return 0, time.Time{}, lost(err)
	}
	defer answer.Body.Close()
	date, _ := http.ParseTime(answer.Header.Get("Date"))
	if status := answer.StatusCode; status == 500 || status == 502 || status == 503 || status == 504 {
		return status, date, lost(fmt.Errorf("the API server says %d", status))
	}
	if answer.StatusCode == http.StatusOK && into != nil {
		err = json.NewDecoder(answer.Body).Decode(into)
	}
	return answer.StatusCode, date, err
}

type object struct {
	Type     string            `json:"type"`
	Data     map[string][]byte `json:"data"` // encoding/json decodes base64
	Metadata struct {
		ResourceVersion string            `json:"resourceVersion"`
		Annotations     map[string]string `json:"annotations"`
	} `json:"metadata"`
}

// read gives nil if there is no Secret, and whether this clock agrees with the API server's.
func (api *apiServer) read(path string) (*Secret, string, bool, error) {
	var found object
	status, date, err := api.ask(http.MethodGet, path, nil, &found)
	clockIsRight := !date.IsZero() && time.Since(date).Abs() <= 30*time.Second
	if err != nil || status == http.StatusNotFound {
		return nil, "", clockIsRight, err
	}
	if status != http.StatusOK {
		return nil, "", clockIsRight, fmt.Errorf("the API server says %d", status)
	}
	secret := &Secret{found.Type, found.Metadata.Annotations, map[string]string{}}
	for key, value := range found.Data {
		secret.Data[key] = string(value)
	}
	return secret, found.Metadata.ResourceVersion, clockIsRight, nil
}

// verify judges a code: one read, one compare-and-swap, and only then the answer.
func (api *apiServer) verify(namespace, address, code string) (Answer, error) {
	name := secretName(address)
	if name == "" {
		return Answer{"answer": "deny", "reason": "NoSecret"}, nil
	}
	path := "/api/v1/namespaces/" + namespace + "/secrets/" + name
	attempt := rand.Text()
	var answer Answer
	var patch map[string]string
	var sentAt string // the resourceVersion that the last patch was made for
	for range attempts {
		secret, version, clockIsRight, err := api.read(path)
		if err != nil {
			return nil, err
		}
		if patch != nil && secret != nil && secret.Annotations[prefix+"attempt"] == attempt {
			return answer, nil // it was committed: its answer was lost, or it came late and the 409 was its own
		}
		if patch == nil || sentAt != version { // otherwise nothing was written since: the same again
			typed := Typed{Code: code, Browser: "unknown", Attempt: attempt, HonourSuspensions: clockIsRight}
			answer, patch = judge(secret, typed, time.Now())
		}
		if patch == nil {
			return answer, nil
		}
		sentAt = version
		body := map[string]any{"metadata": map[string]any{"resourceVersion": version, "annotations": patch}}
		status, _, err := api.ask(http.MethodPatch, path, body, nil)
		switch {
		case errors.Is(err, errLost), status == http.StatusConflict, status == http.StatusNotFound:
		case err != nil:
			return nil, err
		case status == http.StatusOK && answer["answer"] == "dataInvalid":
			return Answer{"answer": "deny", "reason": "SecretInvalid"}, nil
		case status == http.StatusOK:
			return answer, nil
		default:
			return nil, fmt.Errorf("the API server says %d", status)
		}
	}
	return nil, errors.New("the Secret changes all the time")
}

func main() {
	arguments := os.Args[1:]
	if len(arguments) == 2 && arguments[0] == "vectors" {
		os.Exit(min(vectors(arguments[1]), 1))
	}
	if len(arguments) != 3 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	api, err := connect()
	if err != nil {
		fmt.Fprintln(os.Stderr, "login:", err)
		os.Exit(2)
	}
	answer, err := api.verify(arguments[0], arguments[1], arguments[2])
	if err != nil {
		answer = Answer{"answer": "unavailable", "reason": err.Error()}
	}
	text, _ := json.Marshal(answer)
	fmt.Println(string(text))
	if answer["answer"] != "accepted" && answer["answer"] != "none" {
		os.Exit(1)
	}
}
