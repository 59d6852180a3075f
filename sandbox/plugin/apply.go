package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/util/csaupgrade"
)

// posters are managers whose fields are the program's all the same: of Create, of kubectl before an import, and of
// versions of the official plugin that did not apply on the server's side.
var posters = sets.New("pulumi-kubernetes", "pulumi-resource-kubernetes", "kubectl", "kubectl-client-side-apply",
	"kubectl-create", "before-first-apply")

// updateObject applies the inputs on the server's side, under the object's own field manager and without force: a field
// that somebody else manages is a conflict to be told, not overwritten.
func (p *provider) updateObject(ctx context.Context, req *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	olds, err := unmarshal(req.GetOlds())
	if err != nil {
		return nil, err
	}
	news, err := unmarshal(req.GetNews())
	if err != nil {
		return nil, err
	}
	inputs, err := inputObject(req.GetUrn(), news)
	if err != nil {
		return nil, err
	}
	asGiven := &pulumirpc.UpdateResponse{Properties: req.GetNews()}
	if req.GetPreview() && (news.ContainsUnknowns() || !p.known(inputs)) {
		return asGiven, nil
	}
	change := change{
		inputs: inputs, manager: fieldManager(olds), ignored: req.GetIgnoreChanges(), preview: req.GetPreview(),
	}
	live, err := p.apply(ctx, change)
	if req.GetPreview() && err != nil && (apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err)) {
		return asGiven, nil
	}
	if req.GetPreview() && err != nil {
		return nil, fmt.Errorf("%s cannot be updated: %w", describe(inputs), err)
	}
	if err == nil && !req.GetPreview() {
		live, err = p.await(ctx, inputs, live, req.GetTimeout())
	}
	return p.updated(ctx, change, news, live, err)
}

// updated records the object as it is now, whatever came of the update.
func (p *provider) updated(
	ctx context.Context, change change, news resource.PropertyMap, live *unstructured.Unstructured, failure error,
) (*pulumirpc.UpdateResponse, error) {
	if live == nil {
		var err error
		if live, err = p.get(ctx, change.inputs); err != nil {
			return nil, fmt.Errorf("%s was not updated: %w", describe(change.inputs), errors.Join(failure, err))
		}
	}
	state, err := marshal(checkpoint(live, change.inputs, news, change.manager))
	if err != nil {
		return nil, err
	}
	if failure != nil {
		return nil, partialError(id(live), fmt.Errorf("%s was not updated or is not ready: %w", describe(live), failure),
			made{state: state})
	}
	if !change.preview {
		p.refreshKinds(live)
	}
	return &pulumirpc.UpdateResponse{Properties: state}, nil
}

// change is one object's way from what is live to its inputs.
type change struct {
	inputs  *unstructured.Unstructured
	manager string
	ignored []string
	preview bool
}

func (p *provider) apply(ctx context.Context, change change) (*unstructured.Unstructured, error) {
	client, err := p.cluster.objects(change.inputs)
	if err != nil {
		return nil, err
	}
	// An apply would make an object that is gone, without telling.
	live, err := client.Get(ctx, change.inputs.GetName(), metav1.GetOptions{})
	if err != nil {
		return nil, err
	}
	if live.GetKind() == "CustomResourceDefinition" {
		return put(ctx, client, change, live)
	}
	if !change.preview {
		if live, err = takeOver(ctx, client, live, change.manager); err != nil {
			return nil, err
		}
	}
	if err := keepIgnored(change, live); err != nil {
		return nil, err
	}
	body, err := json.Marshal(change.inputs.Object)
	if err != nil {
		return nil, err
	}
	force := forced(change, live)
	options := metav1.PatchOptions{FieldManager: change.manager, Force: &force}
	if change.preview {
		options.DryRun = []string{metav1.DryRunAll}
	}
	result, err := client.Patch(ctx, live.GetName(), types.ApplyPatchType, body, options)
	if apierrors.IsConflict(err) {
		return nil, fmt.Errorf("another manager owns some of the fields; leave them out, or set the annotation "+
			"pulumi.com/patchForce to \"true\" to take them: %w", err)
	}
	return result, err
}

// put replaces a custom resource definition as a whole: its schema is one value, not a set of fields.
func put(
	ctx context.Context, client dynamic.ResourceInterface, change change, live *unstructured.Unstructured,
) (*unstructured.Unstructured, error) {
	body := change.inputs.DeepCopy()
	body.SetResourceVersion(live.GetResourceVersion())
	options := metav1.UpdateOptions{FieldManager: change.manager}
	if change.preview {
		options.DryRun = []string{metav1.DryRunAll}
	}
	return client.Update(ctx, body, options)
}

// takeOver hands the fields of the posters to the object's own manager. Without it they would stay forever: a field is
// only removed when nobody owns it any more.
func takeOver(
	ctx context.Context, client dynamic.ResourceInterface, live *unstructured.Unstructured, manager string,
) (*unstructured.Unstructured, error) {
	for try := 1; ; try++ {
		patch, err := csaupgrade.UpgradeManagedFieldsPatch(live, posters, manager)
		if err != nil || patch == nil {
			return live, err
		}
		taken, err := client.Patch(ctx, live.GetName(), types.JSONPatchType, patch, metav1.PatchOptions{})
		if err == nil || !apierrors.IsConflict(err) || try == 5 || !sleep(ctx, 100*time.Millisecond) {
			return taken, err
		}
		if live, err = client.Get(ctx, live.GetName(), metav1.GetOptions{}); err != nil {
			return nil, err
		}
	}
}

// forced is asked for by annotation, and in a preview that cannot take over the posters' fields first.
func forced(change change, live *unstructured.Unstructured) bool {
	if change.inputs.GetAnnotations()["pulumi.com/patchForce"] == "true" {
		return true
	}
	for _, owner := range live.GetManagedFields() {
		if change.preview && owner.Operation == metav1.ManagedFieldsOperationUpdate && posters.Has(owner.Manager) {
			return true
		}
	}
	return false
}

// keepIgnored sends the live value of the ignored properties, which is no change whoever owns them.
func keepIgnored(change change, live *unstructured.Unstructured) error {
	for _, ignored := range change.ignored {
		path, err := resource.ParsePropertyPath(ignored)
		if err != nil {
			return fmt.Errorf("ignoreChanges: %q is not a property's path: %w", ignored, err)
		}
		var fields []string
		for _, step := range path {
			fields = append(fields, fmt.Sprint(step))
		}
		if value, ok, err := unstructured.NestedFieldCopy(live.Object, fields...); ok && err == nil {
			if err := unstructured.SetNestedField(change.inputs.Object, value, fields...); err != nil {
				return fmt.Errorf("ignoreChanges: %q: %w", ignored, err)
			}
		}
	}
	return nil
}

// deleteObject deletes in the foreground and waits until the object is gone. What is gone already is as good.
func (p *provider) deleteObject(ctx context.Context, req *pulumirpc.DeleteRequest) error {
	olds, err := unmarshal(req.GetProperties())
	if err != nil {
		return err
	}
	live, inputs := recorded(olds)
	client, err := p.cluster.objects(live)
	if meta.IsNoMatchError(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s was not deleted: %w", describe(live), err)
	}
	policy := metav1.DeletePropagationForeground
	switch inputs.GetAnnotations()["pulumi.com/deletionPropagationPolicy"] {
	case "orphan":
		policy = metav1.DeletePropagationOrphan
	case "background":
		policy = metav1.DeletePropagationBackground
	}
	err = client.Delete(ctx, live.GetName(), metav1.DeleteOptions{PropagationPolicy: &policy})
	if err == nil && !skipsAwait(inputs) {
		err = awaitGone(ctx, client, live, timeout(inputs, req.GetTimeout()))
	}
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("%s was not deleted: %w", describe(live), err)
	}
	p.refreshKinds(live)
	return nil
}
