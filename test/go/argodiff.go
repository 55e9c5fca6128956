package main

import (
	"fmt"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/diff"
)

type drift struct {
	Name     string `json:"name"`
	Modified bool   `json:"modified"`
}

// diffLikeArgo takes pairs, what Git says and then what lives, and says of each pair whether Argo CD sees a drift.
func diffLikeArgo([]string) (any, error) {
	objects, err := readObjects()
	if err != nil {
		return nil, err
	}
	if len(objects)%2 != 0 {
		return nil, fmt.Errorf("%d objects are no pairs", len(objects))
	}
	answers := []drift{}
	for index := 0; index < len(objects); index += 2 {
		result, err := diff.Diff(objects[index], objects[index+1])
		if err != nil {
			return nil, err
		}
		answers = append(answers, drift{objects[index].GetName(), result.Modified})
	}
	return answers, nil
}
