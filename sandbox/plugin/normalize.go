package main

import (
	"encoding/base64"
	"encoding/json"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/client-go/kubernetes/scheme"
)

// normalize rewrites inputs the way the API server would ("1000m" is "1", stringData goes to data), so that two
// spellings of the same thing make no difference. Unknown values only allow for the second part.
func normalize(inputs *unstructured.Unstructured, unknowns bool) {
	dropServerFields(inputs)
	if isKind(inputs, "Secret") {
		encodeStringData(inputs.Object)
	}
	if unknowns {
		return
	}
	typed, err := scheme.Scheme.New(inputs.GroupVersionKind())
	if err != nil {
		return // a custom resource: its schema is the server's alone
	}
	if canonical, err := throughType(inputs.Object, typed); err == nil {
		inputs.Object = prune(canonical, inputs.Object).(map[string]any)
	}
}

func throughType(object map[string]any, typed any) (map[string]any, error) {
	raw, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, typed); err != nil {
		return nil, err // the API server says better what is wrong with it
	}
	if raw, err = json.Marshal(typed); err != nil {
		return nil, err
	}
	var canonical map[string]any
	return canonical, utiljson.Unmarshal(raw, &canonical)
}

// encodeStringData does what the API server does with a Secret on arrival: it never gives stringData back.
func encodeStringData(secret map[string]any) {
	texts, ok := secret["stringData"].(map[string]any)
	if !ok {
		return
	}
	encoded := map[string]any{}
	if data, ok := secret["data"].(map[string]any); ok {
		for key, value := range data {
			encoded[key] = value
		}
	}
	for key, value := range texts {
		if text, ok := value.(string); ok {
			value = base64.StdEncoding.EncodeToString([]byte(text))
		}
		encoded[key] = value
	}
	secret["data"] = encoded
	delete(secret, "stringData")
}

// dropServerFields removes what only the server sets.
func dropServerFields(object *unstructured.Unstructured) {
	for _, field := range []string{
		"creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields",
		"resourceVersion", "selfLink", "uid",
	} {
		unstructured.RemoveNestedField(object.Object, "metadata", field)
	}
}

// prune keeps of the live value what the shape has as well: the rest are the server's defaults. Elements that a live
// list has beyond the shape's stay, since somebody put them there.
func prune(live, shape any) any {
	switch shape := shape.(type) {
	case map[string]any:
		live, ok := live.(map[string]any)
		if !ok {
			break
		}
		kept := map[string]any{}
		for key, nested := range shape {
			if value, ok := live[key]; ok {
				kept[key] = prune(value, nested)
			}
		}
		return kept
	case []any:
		live, ok := live.([]any)
		if !ok {
			break
		}
		kept := make([]any, len(live))
		for i, value := range live {
			kept[i] = value
			if i < len(shape) {
				kept[i] = prune(value, shape[i])
			}
		}
		return kept
	}
	return live
}

func isKind(object *unstructured.Unstructured, kind string) bool {
	return object.GroupVersionKind() == schema.GroupVersionKind{Version: "v1", Kind: kind}
}
