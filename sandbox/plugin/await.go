package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"
)

const (
	defaultTimeout = 10 * time.Minute
	pollInterval   = 500 * time.Millisecond
)

// hopeless ends the waiting before its time: the object will not become ready by itself.
type hopeless struct{ reason string }

func (h hopeless) Error() string { return h.reason }

// await waits until the object is ready, for the kinds that have such a state, and gives the object as it is then.
func (p *provider) await(
	ctx context.Context, inputs, live *unstructured.Unstructured, seconds float64,
) (*unstructured.Unstructured, error) {
	deadline, cancel := context.WithTimeout(ctx, timeout(inputs, seconds))
	defer cancel()
	for {
		unready := p.readiness(deadline, inputs, live)
		if unready == nil || errors.As(unready, &hopeless{}) {
			return live, unready
		}
		if !sleep(deadline, pollInterval) {
			return live, fmt.Errorf("%w%s (%w)", unready, p.podTroubles(ctx, live), context.Cause(deadline))
		}
		if latest, err := p.get(deadline, live); err == nil {
			live = latest
		} else if apierrors.IsNotFound(err) {
			return live, hopeless{"it was deleted while it was waited for"}
		}
	}
}

func awaitGone(
	ctx context.Context, client dynamic.ResourceInterface, live *unstructured.Unstructured, timeout time.Duration,
) error {
	deadline, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for {
		latest, err := client.Get(deadline, live.GetName(), metav1.GetOptions{})
		if apierrors.IsNotFound(err) || (err == nil && latest.GetUID() != live.GetUID() && live.GetUID() != "") {
			return nil
		}
		if !sleep(deadline, pollInterval) {
			return fmt.Errorf("it is still there, held by the finalizers %v or by what it contains (%w)",
				finalizers(latest), context.Cause(deadline))
		}
	}
}

func finalizers(object *unstructured.Unstructured) []string {
	if object == nil {
		return nil
	}
	return object.GetFinalizers()
}

func skipsAwait(inputs *unstructured.Unstructured) bool {
	return inputs.GetAnnotations()["pulumi.com/skipAwait"] == "true"
}

// timeout is the resource's customTimeouts, then its annotation, then ten minutes.
func timeout(inputs *unstructured.Unstructured, seconds float64) time.Duration {
	if seconds > 0 {
		return time.Duration(seconds * float64(time.Second))
	}
	if annotated, err := strconv.Atoi(inputs.GetAnnotations()["pulumi.com/timeoutSeconds"]); err == nil {
		return time.Duration(annotated) * time.Second
	}
	return defaultTimeout
}
