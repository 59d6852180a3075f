package main

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// made is what an operation hands to the engine: the state to record, and the inputs when they were read.
type made struct {
	state, inputs *structpb.Struct
}

func unmarshal(properties *structpb.Struct) (resource.PropertyMap, error) {
	return plugin.UnmarshalProperties(properties, plugin.MarshalOptions{
		KeepUnknowns: true, KeepSecrets: true, SkipNulls: true,
	})
}

func marshal(properties resource.PropertyMap) (*structpb.Struct, error) {
	return plugin.MarshalProperties(properties, plugin.MarshalOptions{
		KeepUnknowns: true, KeepSecrets: true, SkipNulls: true,
	})
}

// plain is the map without marks of secrecy. Unknown values stay as resource.Computed.
func plain(properties resource.PropertyMap) map[string]any {
	return properties.MapRepl(nil, bare)
}

func bare(value resource.PropertyValue) (any, bool) {
	if value.IsSecret() {
		return value.SecretValue().Element.MapRepl(nil, bare), true
	}
	if value.IsOutput() {
		if output := value.OutputValue(); output.Known {
			return output.Element.MapRepl(nil, bare), true
		}
		return resource.Computed{}, true
	}
	return nil, false
}

// text is the string in a value, secret or not, empty when it is none or not known yet.
func text(value resource.PropertyValue) string {
	if value.IsSecret() {
		return text(value.SecretValue().Element)
	}
	if value.IsString() {
		return value.StringValue()
	}
	return ""
}

// toObject makes a Kubernetes object of properties. The SDKs spell a custom resource definition's x-kubernetes-…
// fields with underscores.
func toObject(properties resource.PropertyMap) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: renameKeys(plain(properties), "x_kubernetes_", "_", "-").(map[string]any)}
}

func toProperties(object *unstructured.Unstructured) resource.PropertyMap {
	return resource.NewPropertyMapFromMap(
		renameKeys(object.Object, "x-kubernetes-", "-", "_").(map[string]any))
}

func renameKeys(value any, prefix, old, replacement string) any {
	switch v := value.(type) {
	case map[string]any:
		renamed := make(map[string]any, len(v))
		for key, element := range v {
			if strings.HasPrefix(key, prefix) {
				key = strings.ReplaceAll(key, old, replacement)
			}
			renamed[key] = renameKeys(element, prefix, old, replacement)
		}
		return renamed
	case []any:
		renamed := make([]any, len(v))
		for i, element := range v {
			renamed[i] = renameKeys(element, prefix, old, replacement)
		}
		return renamed
	default:
		return value
	}
}

// keepSecrets marks in the outs what is secret in the ins, and the data of every object of the kind Secret, also of one
// that was only read. A list with one secret in it becomes secret as a whole, since its order may change.
func keepSecrets(outs, ins resource.PropertyMap) {
	if kind := outs["kind"]; kind.IsString() && kind.StringValue() == "Secret" {
		for _, key := range []resource.PropertyKey{"data", "stringData"} {
			if value, ok := outs[key]; ok {
				outs[key] = resource.MakeSecret(value)
			}
		}
	}
	for key, in := range ins {
		out, ok := outs[key]
		switch {
		case !ok || out.IsSecret():
		case out.IsObject() && in.IsObject():
			keepSecrets(out.ObjectValue(), in.ObjectValue())
		case in.ContainsSecrets():
			outs[key] = resource.MakeSecret(out)
		}
	}
}

// checkpoint is an object's recorded state, in the official plugin's form: the live object, the inputs that it was made
// of, and the name under which its fields are managed.
func checkpoint(
	live, inputs *unstructured.Unstructured, secrets resource.PropertyMap, fieldManager string,
) resource.PropertyMap {
	state, recorded := toProperties(live), toProperties(inputs)
	keepSecrets(state, secrets)
	keepSecrets(recorded, secrets)
	state["__inputs"] = resource.NewObjectProperty(recorded)
	state["__initialApiVersion"] = resource.NewStringProperty(live.GetAPIVersion())
	state["__fieldManager"] = resource.NewStringProperty(fieldManager)
	return state
}

// recorded takes a state apart again, into the live object and its inputs.
func recorded(state resource.PropertyMap) (live, inputs *unstructured.Unstructured) {
	live, inputs = toObject(state), &unstructured.Unstructured{Object: map[string]any{}}
	if recorded, ok := live.Object["__inputs"].(map[string]any); ok {
		inputs.Object = recorded
	}
	for _, key := range []string{"__inputs", "__initialApiVersion", "__fieldManager"} {
		delete(live.Object, key)
	}
	return live, inputs
}
