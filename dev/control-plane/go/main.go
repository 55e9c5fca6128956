// A Kubernetes control plane in one file, built from the published sources: for machines that can reach the Go module
// proxy but no container registry.
//
//	control-plane etcd|apiserver|controller-manager|kubectl ARGUMENTS
//	control-plane server        all of it at once, as the entry point of a container
//	kubectl ARGUMENTS           the same file under another name
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	"k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

const usage = "usage: control-plane etcd|apiserver|controller-manager|kubectl|server ARGUMENTS"

func main() {
	program, arguments := split(os.Args)
	os.Args = append([]string{program}, arguments...)
	switch program {
	case "etcd":
		etcdmain.Main(os.Args)
	case "apiserver":
		os.Exit(run(apiserver.NewAPIServerCommand()))
	case "controller-manager":
		os.Exit(run(controllers.NewControllerManagerCommand()))
	case "kubectl":
		os.Exit(run(cmd.NewDefaultKubectlCommand()))
	case "server":
		exitOn(serve())
	default:
		exitOn(fmt.Errorf("no part named %q\n%s", program, usage))
	}
}

// split names the part to run: by the name of the file when it is called kubectl, otherwise by the first argument.
func split(arguments []string) (string, []string) {
	if filepath.Base(arguments[0]) == "kubectl" {
		return "kubectl", arguments[1:]
	}
	if len(arguments) < 2 {
		return "", nil
	}
	return arguments[1], arguments[2:]
}

func run(command *cobra.Command) int { return cli.Run(command) }

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
