package main

import (
	"context"

	"github.com/fluxcd/cli-utils/pkg/kstatus/polling"
	"github.com/fluxcd/pkg/ssa"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const controller = "kustomize-controller"

type change struct {
	Subject string `json:"subject"`
	Action  string `json:"action"`
}

// cleanup is that of Flux's kustomize-controller: it takes back what these managers wrote.
func cleanup() ssa.ApplyCleanupOptions {
	return ssa.ApplyCleanupOptions{
		Annotations: []string{"kubectl.kubernetes.io/last-applied-configuration"},
		FieldManagers: []ssa.FieldManager{
			{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationApply},
			{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationUpdate},
			{Name: "before-first-apply", OperationType: metav1.ManagedFieldsOperationUpdate},
			{Name: controller, OperationType: metav1.ManagedFieldsOperationUpdate},
		},
	}
}

// manageLikeFlux is what applies and waits in Flux's kustomize-controller.
func manageLikeFlux(kubeconfig string) (*ssa.ResourceManager, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	kube, err := client.New(config, client.Options{})
	if err != nil {
		return nil, err
	}
	poller := polling.NewStatusPoller(kube, kube.RESTMapper(), polling.Options{})
	owner := ssa.Owner{Field: controller, Group: "kustomize.toolkit.fluxcd.io"}
	return ssa.NewResourceManager(kube, poller, owner), nil
}

// applyLikeFlux applies the objects as a Kustomization does, and says of each whether anything changed.
func applyLikeFlux(args []string) (any, error) {
	objects, err := readObjects()
	if err != nil {
		return nil, err
	}
	manager, err := manageLikeFlux(args[0])
	if err != nil {
		return nil, err
	}
	options := ssa.DefaultApplyOptions()
	options.Cleanup = cleanup()
	changes, err := manager.ApplyAll(context.Background(), objects, options)
	if err != nil {
		return nil, err
	}
	answers := []change{}
	for _, entry := range changes.Entries {
		answers = append(answers, change{entry.Subject, string(entry.Action)})
	}
	return answers, nil
}
