package main

import (
	"context"
	"fmt"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/diff"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/kube-openapi/pkg/util/proto"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

type drift struct {
	Name string `json:"name"`
	// By what was applied last.
	Modified bool `json:"modified"`
	// By the API server's answer to a dry run, where Argo CD is told so (ServerSideDiff=true).
	ServerSide bool `json:"serverSide"`
}

// diffLikeArgo takes pairs, what Git says and then what lives, and says of each pair whether Argo CD sees a drift.
func diffLikeArgo(args []string) (any, error) {
	objects, err := readObjects()
	if err != nil {
		return nil, err
	}
	if len(objects)%2 != 0 {
		return nil, fmt.Errorf("%d objects are no pairs", len(objects))
	}
	serverSide, err := serverSideDiff(args[0])
	if err != nil {
		return nil, err
	}
	answers := []drift{}
	for index := 0; index < len(objects); index += 2 {
		git, live := objects[index], objects[index+1]
		byLastApplied, err := diff.Diff(git, live)
		if err != nil {
			return nil, err
		}
		byServer, err := diff.Diff(git, live, serverSide...)
		if err != nil {
			return nil, err
		}
		answers = append(answers, drift{git.GetName(), byLastApplied.Modified, byServer.Modified})
	}
	return answers, nil
}

func serverSideDiff(kubeconfig string) ([]diff.Option, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	types, err := typesOf(config)
	if err != nil {
		return nil, err
	}
	kube, err := client.New(config, client.Options{})
	if err != nil {
		return nil, err
	}
	return []diff.Option{
		diff.WithServerSideDiff(true),
		diff.WithServerSideDryRunner(dryRunner{kube}),
		diff.WithGVKParser(types),
		diff.WithManager("argocd-controller"),
	}, nil
}

func typesOf(config *rest.Config) (*managedfields.GvkParser, error) {
	server, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}
	document, err := server.OpenAPISchema()
	if err != nil {
		return nil, err
	}
	models, err := proto.NewOpenAPIData(document)
	if err != nil {
		return nil, err
	}
	return managedfields.NewGVKParser(models, false)
}

// dryRunner applies as Argo CD does: server-side, conflicts are taken over.
type dryRunner struct{ kube client.Client }

func (runner dryRunner) Run(ctx context.Context, git *unstructured.Unstructured, manager string) (string, error) {
	predicted := git.DeepCopy()
	options := []client.PatchOption{client.DryRunAll, client.FieldOwner(manager), client.ForceOwnership}
	if err := runner.kube.Patch(ctx, predicted, client.Apply, options...); err != nil {
		return "", err
	}
	text, err := predicted.MarshalJSON()
	return string(text), err
}
