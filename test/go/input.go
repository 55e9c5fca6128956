package main

import (
	"encoding/json"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// readObjects reads a JSON list of Kubernetes objects from standard input.
func readObjects() ([]*unstructured.Unstructured, error) {
	var items []map[string]any
	if err := json.NewDecoder(os.Stdin).Decode(&items); err != nil {
		return nil, err
	}
	objects := make([]*unstructured.Unstructured, len(items))
	for index, item := range items {
		// through the type's own decoder: whole numbers must be int64, as from an API server
		bytes, err := json.Marshal(item)
		if err != nil {
			return nil, err
		}
		objects[index] = &unstructured.Unstructured{}
		if err := objects[index].UnmarshalJSON(bytes); err != nil {
			return nil, err
		}
	}
	return objects, nil
}
