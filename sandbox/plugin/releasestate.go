package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/release"
	"helm.sh/helm/v3/pkg/storage/driver"
)

// readRelease brings the recorded inputs to what is live; without any, it takes all of them from there.
func (p *provider) readRelease(req *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	olds, err := unmarshalRelease(req.GetProperties())
	if err != nil {
		return nil, err
	}
	namespace, name, ok := strings.Cut(req.GetId(), "/")
	if !ok || name == "" {
		return nil, fmt.Errorf("%q is no ID of a Helm release: it is <namespace>/<name>", req.GetId())
	}
	config, err := p.helm(namespace)
	if err != nil {
		return nil, err
	}
	live, err := action.NewGet(config).Run(name)
	if errors.Is(err, driver.ErrReleaseNotFound) {
		return &pulumirpc.ReadResponse{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the Helm release %s was not read: %w", req.GetId(), err)
	}
	inputs := releaseInputs(recordedInputs(olds), live)
	state, err := marshalRelease(releaseState(inputs, live))
	if err != nil {
		return nil, err
	}
	properties, err := marshalRelease(inputs)
	return &pulumirpc.ReadResponse{Id: req.GetId(), Properties: state, Inputs: properties}, err
}

// releaseInputs keeps the inputs where they agree with the live release, so that secrets stay marked.
func releaseInputs(inputs resource.PropertyMap, live *release.Release) resource.PropertyMap {
	if len(inputs) == 0 {
		inputs = resource.PropertyMap{
			"name":      resource.NewStringProperty(live.Name),
			"namespace": resource.NewStringProperty(live.Namespace),
			"chart":     resource.NewStringProperty(live.Chart.Name()),
			"timeout":   resource.NewNumberProperty(defaultReleaseTimeout),
		}
	}
	inputs = inputs.Copy()
	inputs["version"] = resource.NewStringProperty(live.Chart.Metadata.Version)
	recorded := resource.NewObjectProperty(resource.PropertyMap{})
	if values, ok := inputs["values"]; ok {
		recorded = values
	}
	known, _ := recorded.MapRepl(nil, bare).(map[string]any)
	if isTrue(inputs["reuseValues"]) || equal(known, live.Config) {
		return inputs
	}
	values := resource.NewPropertyMapFromMap(live.Config)
	if recorded.IsSecret() {
		inputs["values"] = resource.MakeSecret(resource.NewObjectProperty(values))
		return inputs
	}
	keepSecrets(values, recorded.ObjectValue())
	inputs["values"] = resource.NewObjectProperty(values)
	return inputs
}

func equal(a, b map[string]any) bool {
	difference := comparison{diffs: map[string]*pulumirpc.PropertyDiff{}}
	difference.compare(nil, a, b)
	return len(difference.diffs) == 0
}

// previewed is a release's state as far as it can be known before.
func previewed(inputs resource.PropertyMap) resource.PropertyMap {
	state := withInputs(inputs)
	state["status"] = resource.MakeComputed(resource.NewStringProperty(""))
	state["resourceNames"] = resource.MakeComputed(resource.NewStringProperty(""))
	return state
}

// releaseState is a release's recorded state. The rendered manifest is not in it: it would hold the chart's secrets.
func releaseState(inputs resource.PropertyMap, live *release.Release) resource.PropertyMap {
	state := withInputs(inputs)
	state["version"] = resource.NewStringProperty(live.Chart.Metadata.Version)
	state["status"] = resource.NewObjectProperty(resource.NewPropertyMapFromMap(map[string]any{
		"name": live.Name, "namespace": live.Namespace, "revision": live.Version,
		"status": live.Info.Status.String(), "chart": live.Chart.Name(),
		"version": live.Chart.Metadata.Version, "appVersion": live.Chart.Metadata.AppVersion,
	}))
	state["resourceNames"] = resource.NewPropertyValue(resourceNames(live.Manifest))
	return state
}

func withInputs(inputs resource.PropertyMap) resource.PropertyMap {
	state := inputs.Copy()
	state["__inputs"] = resource.MakeSecret(resource.NewObjectProperty(inputs))
	return state
}

func recordedInputs(state resource.PropertyMap) resource.PropertyMap {
	recorded, ok := state["__inputs"]
	if ok && recorded.IsSecret() {
		recorded = recorded.SecretValue().Element
	}
	if !ok || !recorded.IsObject() {
		return resource.PropertyMap{}
	}
	return recorded.ObjectValue()
}

// unmarshalRelease keeps the nulls in the values if they are to count: there they take a chart's default away.
func unmarshalRelease(properties *structpb.Struct) (resource.PropertyMap, error) {
	inputs, err := unmarshal(properties)
	if err != nil || !isTrue(inputs["allowNullValues"]) {
		return inputs, err
	}
	complete, err := plugin.UnmarshalProperties(properties, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
	if err != nil {
		return nil, err
	}
	for _, key := range []resource.PropertyKey{"values", "__inputs"} {
		if value, ok := complete[key]; ok && !value.IsNull() {
			inputs[key] = value
		}
	}
	return inputs, nil
}

func marshalRelease(properties resource.PropertyMap) (*structpb.Struct, error) {
	return plugin.MarshalProperties(properties, plugin.MarshalOptions{
		KeepUnknowns: true, KeepSecrets: true, SkipNulls: !isTrue(properties["allowNullValues"]),
	})
}

func isTrue(value resource.PropertyValue) bool {
	return value.IsBool() && value.BoolValue()
}
