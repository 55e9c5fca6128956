package main

import "github.com/fluxcd/cli-utils/pkg/kstatus/status"

type objectStatus struct {
	Name    string `json:"name"`
	Status  string `json:"status"`
	Message string `json:"message"`
}

// computeStatus says of each object what kstatus, and so Flux's health checks, take it for.
func computeStatus([]string) (any, error) {
	objects, err := readObjects()
	if err != nil {
		return nil, err
	}
	answers := []objectStatus{}
	for _, object := range objects {
		result, err := status.Compute(object)
		if err != nil {
			return nil, err
		}
		answers = append(answers, objectStatus{object.GetName(), string(result.Status), result.Message})
	}
	return answers, nil
}
