package main

import (
	"context"
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// createdBy is the manager of what Create posts; the first Update hands the fields over to the object's own manager.
const createdBy = "pulumi-kubernetes"

// createTries with doubling pauses gives a namespace or a definition made side by side about 15 s to appear.
const createTries = 6

// createObject posts a new object and never touches one that is there. A preview asks the server for a dry run, and
// shows the inputs alone where the server cannot tell yet.
func (p *provider) createObject(ctx context.Context, req *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	news, err := unmarshal(req.GetProperties())
	if err != nil {
		return nil, err
	}
	inputs, err := inputObject(req.GetUrn(), news)
	if err != nil {
		return nil, err
	}
	asGiven := &pulumirpc.CreateResponse{Properties: req.GetProperties()}
	if req.GetPreview() && (news.ContainsUnknowns() || !p.known(inputs)) {
		return asGiven, nil
	}
	fieldManager, err := resource.NewUniqueName(nil, createdBy+"-", 0, 0, nil)
	if err != nil {
		return nil, err
	}
	live, err := p.post(ctx, inputs, req.GetPreview())
	if req.GetPreview() && err != nil && undecided(err) {
		return asGiven, nil
	}
	if err != nil {
		return nil, createError(inputs, err)
	}
	if req.GetPreview() {
		unstructured.RemoveNestedField(live.Object, "status")
	} else {
		live, err = p.await(ctx, inputs, live, req.GetTimeout())
	}
	state, marshalErr := marshal(checkpoint(live, inputs, news, fieldManager))
	if marshalErr != nil {
		return nil, marshalErr
	}
	if err != nil {
		return nil, partialError(id(live), fmt.Errorf("%s was created but is not ready: %w", describe(live), err),
			made{state: state})
	}
	p.refreshKinds(live)
	if req.GetPreview() {
		return &pulumirpc.CreateResponse{Properties: state}, nil
	}
	return &pulumirpc.CreateResponse{Id: id(live), Properties: state}, nil
}

// known tells whether the server has the kind; a custom resource may come before its definition.
func (p *provider) known(inputs *unstructured.Unstructured) bool {
	_, err := p.cluster.mapping(inputs.GroupVersionKind())
	return err == nil
}

// undecided are the refusals of a dry run that the real run need not meet: the namespace or the kind comes first, the
// old object goes first, or the one who previews has fewer rights.
func undecided(err error) bool {
	return apierrors.IsNotFound(err) || apierrors.IsForbidden(err) || apierrors.IsAlreadyExists(err) ||
		meta.IsNoMatchError(err) || apierrors.IsUnauthorized(err)
}

func (p *provider) post(
	ctx context.Context, inputs *unstructured.Unstructured, preview bool,
) (*unstructured.Unstructured, error) {
	options := metav1.CreateOptions{FieldManager: createdBy}
	if preview {
		options.DryRun = []string{metav1.DryRunAll}
	}
	pause := 500 * time.Millisecond
	for try := 1; ; try++ {
		client, err := p.cluster.objects(inputs)
		if err == nil {
			var live *unstructured.Unstructured
			if live, err = client.Create(ctx, inputs, options); err == nil {
				return live, nil
			}
		}
		missing := apierrors.IsNotFound(err) || meta.IsNoMatchError(err)
		if preview || !missing || try == createTries || !sleep(ctx, pause) {
			return nil, err
		}
		pause *= 2
		p.cluster.mapper.Reset()
	}
}

func createError(inputs *unstructured.Unstructured, err error) error {
	switch {
	case apierrors.IsAlreadyExists(err):
		return fmt.Errorf("%s exists already and was left as it is: import it (pulumi import, or the import option "+
			"with the ID %q), or delete it first", describe(inputs), id(inputs))
	case meta.IsNoMatchError(err):
		return fmt.Errorf("%s was not created: the API server does not know its kind; "+
			"is its custom resource definition installed? %w", describe(inputs), err)
	}
	return fmt.Errorf("%s was not created: %w", describe(inputs), err)
}
