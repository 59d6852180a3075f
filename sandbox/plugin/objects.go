package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// checkObject completes the inputs: name, namespace, normal form.
func (p *provider) checkObject(_ context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	news, err := unmarshal(req.GetNews())
	if err != nil {
		return nil, err
	}
	olds, err := unmarshal(req.GetOlds())
	if err != nil {
		return nil, err
	}
	inputs, err := inputObject(req.GetUrn(), news)
	if err != nil {
		return nil, err
	}
	normalize(inputs, news.ContainsUnknowns())
	if metadata, ok := metadataOf(inputs); ok {
		if err := name(metadata, toObject(olds), req); err != nil {
			return nil, err
		}
		if err := p.setNamespace(metadata, inputs.GroupVersionKind()); err != nil {
			return nil, err
		}
	}
	checked := toProperties(inputs)
	keepSecrets(checked, news)
	properties, err := marshal(checked)
	return &pulumirpc.CheckResponse{Inputs: properties}, err
}

// inputObject is the object that the properties describe; without a kind in them, the URN's type tells it.
func inputObject(urn string, properties resource.PropertyMap) (*unstructured.Unstructured, error) {
	kind, err := kindOf(resource.URN(urn))
	if err != nil {
		return nil, err
	}
	inputs := toObject(properties)
	if named := inputs.GetKind(); named != "" && kind.Kind == named+"Patch" {
		return nil, unsupported("the patch resource " + kind.Kind)
	}
	if inputs.GetKind() == "" || inputs.GetAPIVersion() == "" {
		inputs.SetGroupVersionKind(kind)
	}
	return inputs, nil
}

// kindOf reads "kubernetes:apps/v1:Deployment"; the core group has the name "core" there.
func kindOf(urn resource.URN) (schema.GroupVersionKind, error) {
	kubernetesType := strings.Split(string(urn.Type()), ":")
	if len(kubernetesType) == 3 && kubernetesType[0] == "kubernetes" {
		if group, version, ok := strings.Cut(kubernetesType[1], "/"); ok && group != "yaml" && group != "kustomize" {
			if group == "core" {
				group = ""
			}
			return schema.GroupVersionKind{Group: group, Version: version, Kind: kubernetesType[2]}, nil
		}
	}
	return schema.GroupVersionKind{}, unsupported("the resource type " + string(urn.Type()))
}

// metadataOf gives the object's metadata to change, and false if the program does not know it yet.
func metadataOf(object *unstructured.Unstructured) (map[string]any, bool) {
	if _, ok := object.Object["metadata"]; !ok {
		object.Object["metadata"] = map[string]any{}
	}
	metadata, ok := object.Object["metadata"].(map[string]any)
	return metadata, ok
}

const autonamed = "pulumi.com/autonamed"

// name keeps the name that an unnamed object got before, or makes a new one: "<resource>-<random>".
func name(metadata map[string]any, old *unstructured.Unstructured, req *pulumirpc.CheckRequest) error {
	if metadata["name"] != nil && metadata["name"] != "" {
		return nil
	}
	if metadata["generateName"] != nil {
		return unsupported("metadata.generateName")
	}
	name := ""
	if old.GetAnnotations()[autonamed] == "true" {
		name = old.GetName()
	}
	if name == "" {
		var err error
		if name, err = newName(req); err != nil {
			return err
		}
	}
	metadata["name"] = name
	annotations, ok := metadata["annotations"].(map[string]any)
	if !ok {
		annotations = map[string]any{}
		metadata["annotations"] = annotations
	}
	annotations[autonamed] = "true"
	return nil
}

// newName follows the project's autonaming configuration, if it has one.
func newName(req *pulumirpc.CheckRequest) (string, error) {
	if naming := req.GetAutonaming(); naming != nil {
		if naming.GetMode() == pulumirpc.CheckRequest_AutonamingOptions_DISABLE {
			return "", fmt.Errorf("%s needs a name: autonaming is disabled", req.GetUrn())
		}
		if naming.GetProposedName() != "" {
			return naming.GetProposedName(), nil
		}
	}
	prefix := strings.ToLower(resource.URN(req.GetUrn()).Name()) + "-"
	return resource.NewUniqueName(req.GetRandomSeed(), prefix, 0, 0, nil)
}

func (p *provider) setNamespace(metadata map[string]any, kind schema.GroupVersionKind) error {
	if metadata["namespace"] != nil && metadata["namespace"] != "" {
		return nil
	}
	namespaced, err := p.cluster.namespaced(kind)
	if err == nil && namespaced {
		metadata["namespace"] = p.cluster.namespace
	}
	return err
}

// diffObject compares what is live, as far as it was asked for, with the new inputs.
func (p *provider) diffObject(req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	olds, err := unmarshal(req.GetOlds())
	if err != nil {
		return nil, err
	}
	news, err := unmarshal(req.GetNews())
	if err != nil {
		return nil, err
	}
	live, oldInputs := recorded(olds)
	inputs, err := inputObject(req.GetUrn(), news)
	if err != nil {
		return nil, err
	}
	normalize(oldInputs, olds.ContainsUnknowns())
	normalize(inputs, news.ContainsUnknowns())
	old := &unstructured.Unstructured{Object: prune(live.Object, oldInputs.Object).(map[string]any)}
	if err := p.align(old, live, inputs); err != nil {
		return nil, err
	}
	comparison, err := newComparison(p.settings.forceNew(inputs), req.GetIgnoreChanges())
	if err != nil {
		return nil, err
	}
	comparison.compare(nil, old.Object, inputs.Object)
	// A replacement with the same name can only be made after the old object is gone.
	sameName := inputs.GetAnnotations()[autonamed] != "true" &&
		inputs.GetName() == live.GetName() && inputs.GetNamespace() == live.GetNamespace()
	return comparison.response(sameName), nil
}

// align gives both sides their identity in the same words, so that it only differs when it changes.
func (p *provider) align(old, live, inputs *unstructured.Unstructured) error {
	namespaced, err := p.cluster.namespaced(inputs.GroupVersionKind())
	if err != nil {
		return err
	}
	old.SetGroupVersionKind(live.GroupVersionKind())
	old.SetName(live.GetName())
	for _, object := range []*unstructured.Unstructured{old, inputs} {
		if _, known := metadataOf(object); !known {
			continue
		}
		switch {
		case !namespaced:
			unstructured.RemoveNestedField(object.Object, "metadata", "namespace")
		case object == old:
			old.SetNamespace(live.GetNamespace())
		case inputs.Object["metadata"].(map[string]any)["namespace"] == nil:
			inputs.SetNamespace(p.cluster.namespace)
		}
	}
	return nil
}

func (p *provider) refreshKinds(live *unstructured.Unstructured) {
	if live.GetKind() == "CustomResourceDefinition" && p.cluster.mapper != nil {
		p.cluster.mapper.Reset()
	}
}

// id is "<namespace>/<name>", or the name of an object without a namespace.
func id(object *unstructured.Unstructured) string {
	if object.GetNamespace() == "" {
		return object.GetName()
	}
	return object.GetNamespace() + "/" + object.GetName()
}

func describe(object *unstructured.Unstructured) string {
	return object.GetKind() + " " + id(object)
}

// sleep is false when the operation ended before.
func sleep(ctx context.Context, pause time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pause):
		return true
	}
}
