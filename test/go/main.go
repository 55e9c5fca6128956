// Runs the GitOps tools' own code over our objects, for the tests in test/server/cli. Each command reads JSON on standard
// input and writes JSON on standard output.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

var commands = map[string]func([]string) (any, error){
	"kstatus":  computeStatus,
	"flux":     applyLikeFlux,
	"health":   checkHealthLikeFlux,
	"argodiff": diffLikeArgo,
	"lua":      runLua,
	"action":   runAction,
}

func main() {
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: gitops-proofs kstatus | flux KUBECONFIG | health KUBECONFIG | argodiff KUBECONFIG | lua FILE | action FILE")
		os.Exit(2)
	}
	answer, err := commands[os.Args[1]](os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
