package main

import (
	"errors"
	"io"
	"os"
	"time"

	"github.com/fluxcd/cli-utils/pkg/object"
	kustomize "github.com/fluxcd/kustomize-controller/api/v1"
	"github.com/fluxcd/pkg/ssa"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/json"
)

type health struct {
	Name    string `json:"name"`
	Healthy bool   `json:"healthy"`
	Message string `json:"message"`
}

// checkHealthLikeFlux waits for the health checks of Kustomizations, and says what came of each. It reads them by Flux's own
// type, and refuses a field that this does not have.
func checkHealthLikeFlux(args []string) (any, error) {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return nil, err
	}
	var kustomizations []kustomize.Kustomization
	unknown, err := json.UnmarshalStrict(text, &kustomizations)
	if err := errors.Join(append(unknown, err)...); err != nil {
		return nil, err
	}
	manager, err := manageLikeFlux(args[0])
	if err != nil {
		return nil, err
	}
	answers := []health{}
	for _, kustomization := range kustomizations {
		checked, err := objectsToCheck(kustomization)
		if err != nil {
			return nil, err
		}
		options := ssa.WaitOptions{Interval: time.Second, Timeout: kustomization.GetTimeout(), FailFast: true}
		answer := health{Name: kustomization.Name, Healthy: true}
		if err := manager.WaitForSet(checked, options); err != nil {
			answer.Healthy, answer.Message = false, err.Error()
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

func objectsToCheck(kustomization kustomize.Kustomization) (object.ObjMetadataSet, error) {
	var checked object.ObjMetadataSet
	for _, check := range kustomization.Spec.HealthChecks {
		version, err := schema.ParseGroupVersion(check.APIVersion)
		if err != nil {
			return nil, err
		}
		checked = append(checked, object.ObjMetadata{
			Namespace: check.Namespace,
			Name:      check.Name,
			GroupKind: version.WithKind(check.Kind).GroupKind(),
		})
	}
	return checked, nil
}
