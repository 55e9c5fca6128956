package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"k8s.io/client-go/util/cert"
)

// The container keeps K3s's contract, so that the code that starts K3s can be tried where its image cannot be had:
// the API on port 6443, the administrator's kubeconfig in this file, and this sentence once it is ready.
const (
	kubeconfigPath = "/etc/rancher/k3s/k3s.yaml"
	readySentence  = "Node controller sync successful"
	securePort     = "6443"
	serverURL      = "https://127.0.0.1:" + securePort
	etcdURL        = "http://127.0.0.1:2379"
	dataFolder     = "/data"
)

// serve runs the three parts until a signal comes or one of them ends.
func serve() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	authority, err := prepare()
	if err != nil {
		return err
	}
	ended := make(chan error, 3)
	for _, arguments := range parts() {
		if err := start(ctx, arguments, ended); err != nil {
			return err
		}
	}
	go announce(authority)
	select {
	case <-ctx.Done():
		time.Sleep(time.Second) // the parts were told too; the container's end takes what is left
		return nil
	case err := <-ended:
		return err
	}
}

func parts() [][]string {
	file := func(name string) string { return filepath.Join(dataFolder, name) }
	return [][]string{
		{"etcd", "--data-dir=" + file("etcd"), "--listen-client-urls=" + etcdURL, "--advertise-client-urls=" + etcdURL,
			"--listen-peer-urls=http://127.0.0.1:0", "--unsafe-no-fsync", "--log-level=warn"},
		{"apiserver", "--etcd-servers=" + etcdURL, "--secure-port=" + securePort, "--bind-address=0.0.0.0",
			"--tls-cert-file=" + file("serving.crt"), "--tls-private-key-file=" + file("serving.key"),
			"--token-auth-file=" + file("tokens.csv"), "--authorization-mode=RBAC",
			"--service-account-key-file=" + file("service-account.key"),
			"--service-account-signing-key-file=" + file("service-account.key"),
			"--service-account-issuer=https://kubernetes.default.svc", "--service-cluster-ip-range=10.0.0.0/24"},
		{"controller-manager", "--kubeconfig=" + kubeconfigPath, "--use-service-account-credentials=true",
			"--service-account-private-key-file=" + file("service-account.key"), "--bind-address=127.0.0.1",
			"--root-ca-file=" + file("serving.crt"), "--leader-elect=false",
			"--controllers=garbage-collector-controller,namespace-controller,serviceaccount-controller,serviceaccount-token-controller"},
	}
}

// start runs one part as a child of its own file and tells how it ended.
func start(ctx context.Context, arguments []string, ended chan<- error) error {
	child := exec.CommandContext(ctx, "/proc/self/exe", arguments...)
	child.Cancel = func() error { return child.Process.Signal(syscall.SIGTERM) }
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	if err := child.Start(); err != nil {
		return fmt.Errorf("cannot start %s: %w", arguments[0], err)
	}
	go func() { ended <- fmt.Errorf("%s ended: %v", arguments[0], child.Wait()) }()
	return nil
}

// prepare writes certificates, keys, the token and the kubeconfig; it answers the certificates that clients must trust.
func prepare() ([]byte, error) {
	serving, servingKey, err := cert.GenerateSelfSignedCertKey("localhost", []net.IP{net.IPv4(127, 0, 0, 1)}, nil)
	if err != nil {
		return nil, err
	}
	signingKey, err := newSigningKey()
	if err != nil {
		return nil, err
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	token := hex.EncodeToString(secret)
	files := map[string][]byte{
		filepath.Join(dataFolder, "serving.crt"):         serving,
		filepath.Join(dataFolder, "serving.key"):         servingKey,
		filepath.Join(dataFolder, "service-account.key"): signingKey,
		filepath.Join(dataFolder, "tokens.csv"):          []byte(token + `,admin,admin,"system:masters"` + "\n"),
		kubeconfigPath:                                   []byte(kubeconfig(serving, token)),
	}
	for path, content := range files {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return nil, err
		}
	}
	return serving, nil
}

func newSigningKey() ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	encoded, err := x509.MarshalECPrivateKey(key)
	return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded}), err
}

func kubeconfig(authority []byte, token string) string {
	return fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: default
clusters:
- name: default
  cluster:
    server: %s
    certificate-authority-data: %s
users:
- name: default
  user:
    token: %s
contexts:
- name: default
  context:
    cluster: default
    user: default
`, serverURL, base64.StdEncoding.EncodeToString(authority), token)
}

// announce says so once the API server is ready.
func announce(authority []byte) {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	client := http.Client{Timeout: time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	for {
		if answer, err := client.Get(serverURL + "/readyz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				fmt.Println(readySentence)
				return
			}
		}
		time.Sleep(200 * time.Millisecond)
	}
}
