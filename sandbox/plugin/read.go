package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// readObject serves refresh (with the recorded inputs) as well as get and import (without).
func (p *provider) readObject(ctx context.Context, req *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	olds, err := unmarshal(req.GetProperties())
	if err != nil {
		return nil, err
	}
	oldInputs, err := unmarshal(req.GetInputs())
	if err != nil {
		return nil, err
	}
	wanted, err := p.wanted(req, oldInputs)
	if err != nil {
		return nil, err
	}
	live, err := p.get(ctx, wanted)
	if apierrors.IsNotFound(err) || meta.IsNoMatchError(err) {
		return &pulumirpc.ReadResponse{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s was not read: %w", describe(wanted), err)
	}
	inputs, notReady := liveInputs(live), error(nil)
	if len(oldInputs) > 0 {
		shape := toObject(oldInputs)
		normalize(shape, oldInputs.ContainsUnknowns())
		inputs.Object = prune(live.Object, shape.Object).(map[string]any)
		notReady = p.readiness(ctx, shape, live)
	}
	result, err := readState(live, inputs, oldInputs, fieldManager(olds))
	if err != nil {
		return nil, err
	}
	if notReady != nil {
		return nil, partialError(req.GetId(), fmt.Errorf("%s is not ready: %w", describe(live), notReady), result)
	}
	return &pulumirpc.ReadResponse{Id: req.GetId(), Properties: result.state, Inputs: result.inputs}, nil
}

// wanted names the object to read: the ID tells namespace and name, the inputs or the URN its kind.
func (p *provider) wanted(
	req *pulumirpc.ReadRequest, inputs resource.PropertyMap,
) (*unstructured.Unstructured, error) {
	described, err := inputObject(req.GetUrn(), inputs)
	if err != nil {
		return nil, err
	}
	wanted := &unstructured.Unstructured{Object: map[string]any{}}
	wanted.SetGroupVersionKind(described.GroupVersionKind())
	namespace, name, ok := strings.Cut(req.GetId(), "/")
	if !ok {
		namespace, name = "", req.GetId()
	}
	if name == "" || strings.Contains(name, "/") {
		return nil, fmt.Errorf("%q is no ID of a %s: it is <namespace>/<name>, or <name> for an object without a "+
			"namespace", req.GetId(), wanted.GetKind())
	}
	wanted.SetName(name)
	wanted.SetNamespace(namespace)
	return wanted, nil
}

func (p *provider) get(ctx context.Context, object *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	client, err := p.cluster.objects(object)
	if err != nil {
		return nil, err
	}
	return client.Get(ctx, object.GetName(), metav1.GetOptions{})
}

// liveInputs are the inputs that would make the live object, for one that the program did not make.
func liveInputs(live *unstructured.Unstructured) *unstructured.Unstructured {
	inputs := live.DeepCopy()
	dropServerFields(inputs)
	delete(inputs.Object, "status")
	unstructured.RemoveNestedField(inputs.Object, "metadata", "annotations", "deployment.kubernetes.io/revision")
	unstructured.RemoveNestedField(inputs.Object, "metadata", "annotations",
		"kubectl.kubernetes.io/last-applied-configuration")
	if len(inputs.GetAnnotations()) == 0 {
		unstructured.RemoveNestedField(inputs.Object, "metadata", "annotations")
	}
	return inputs
}

func readState(
	live, inputs *unstructured.Unstructured, secrets resource.PropertyMap, fieldManager string,
) (made, error) {
	state, err := marshal(checkpoint(live, inputs, secrets, fieldManager))
	if err != nil {
		return made{}, err
	}
	properties := toProperties(inputs)
	keepSecrets(properties, secrets)
	marshalled, err := marshal(properties)
	return made{state: state, inputs: marshalled}, err
}

// fieldManager is the one in the state, or for an object that was not made by this plugin a new one.
func fieldManager(state resource.PropertyMap) string {
	if name := text(state["__fieldManager"]); name != "" {
		return name
	}
	name, err := resource.NewUniqueName(nil, createdBy+"-", 0, 0, nil)
	if err != nil {
		return createdBy
	}
	return name
}
