package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// readiness is nil when the object is ready, now.
func (p *provider) readiness(ctx context.Context, inputs, live *unstructured.Unstructured) error {
	if skipsAwait(inputs) {
		return nil
	}
	switch (schema.GroupKind{Group: live.GroupVersionKind().Group, Kind: live.GetKind()}) {
	case schema.GroupKind{Group: "apps", Kind: "Deployment"}:
		return deploymentReady(live)
	case schema.GroupKind{Group: "apps", Kind: "StatefulSet"}:
		return statefulSetReady(live)
	case schema.GroupKind{Group: "apps", Kind: "DaemonSet"}:
		return daemonSetReady(live)
	case schema.GroupKind{Group: "batch", Kind: "Job"}:
		return jobReady(live)
	case schema.GroupKind{Kind: "Pod"}:
		return podReady(live)
	case schema.GroupKind{Kind: "Service"}:
		return p.serviceReady(ctx, live)
	case schema.GroupKind{Group: "networking.k8s.io", Kind: "Ingress"}:
		return hasAddress(live)
	case schema.GroupKind{Kind: "Secret"}:
		return serviceAccountTokenReady(live)
	case schema.GroupKind{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}:
		return needs(live, "Established")
	}
	return nil
}

func deploymentReady(live *unstructured.Unstructured) error {
	if paused, _, _ := unstructured.NestedBool(live.Object, "spec", "paused"); paused {
		return nil
	}
	if err := observed(live); err != nil {
		return err // what the conditions say is of the time before the change
	}
	if progress := condition(live, "Progressing"); progress["status"] == "False" {
		return hopeless{message(progress)}
	}
	wanted := count(live, 1, "spec", "replicas")
	for _, field := range []string{"updatedReplicas", "availableReplicas"} {
		if got := count(live, 0, "status", field); got < wanted {
			return fmt.Errorf("%d of %d %s", got, wanted, field)
		}
	}
	if all := count(live, 0, "status", "replicas"); all > wanted {
		return fmt.Errorf("%d old replicas are not gone yet", all-wanted)
	}
	return needs(live, "Available")
}

func statefulSetReady(live *unstructured.Unstructured) error {
	if err := observed(live); err != nil {
		return err
	}
	wanted := count(live, 1, "spec", "replicas")
	fields := []string{"readyReplicas", "updatedReplicas"}
	if strategy, _, _ := unstructured.NestedString(live.Object, "spec", "updateStrategy", "type"); strategy == "OnDelete" {
		fields = fields[:1]
	}
	for _, field := range fields {
		if got := count(live, 0, "status", field); got < wanted {
			return fmt.Errorf("%d of %d %s", got, wanted, field)
		}
	}
	return nil
}

func daemonSetReady(live *unstructured.Unstructured) error {
	if err := observed(live); err != nil {
		return err
	}
	wanted := count(live, 0, "status", "desiredNumberScheduled")
	for _, field := range []string{"updatedNumberScheduled", "numberAvailable"} {
		if got := count(live, 0, "status", field); got < wanted {
			return fmt.Errorf("%d of %d %s", got, wanted, field)
		}
	}
	return nil
}

func jobReady(live *unstructured.Unstructured) error {
	if failed := condition(live, "Failed"); failed["status"] == "True" {
		return hopeless{message(failed)}
	}
	return needs(live, "Complete")
}

func podReady(live *unstructured.Unstructured) error {
	switch phase, _, _ := unstructured.NestedString(live.Object, "status", "phase"); phase {
	case "Succeeded":
		return nil
	case "Failed":
		return hopeless{"the pod failed" + waiting(live)}
	}
	if err := needs(live, "Ready"); err != nil {
		return fmt.Errorf("%w%s", err, waiting(live))
	}
	return nil
}

// serviceReady wants somebody behind a service that selects pods, and an address for a load balancer.
func (p *provider) serviceReady(ctx context.Context, live *unstructured.Unstructured) error {
	spec, _, _ := unstructured.NestedMap(live.Object, "spec")
	if spec["type"] == "LoadBalancer" {
		if err := hasAddress(live); err != nil {
			return err
		}
	}
	selector, _ := spec["selector"].(map[string]any)
	if len(selector) == 0 || spec["type"] == "ExternalName" || spec["clusterIP"] == "None" {
		return nil
	}
	slices, err := p.cluster.dynamic.Resource(schema.GroupVersionResource{
		Group: "discovery.k8s.io", Version: "v1", Resource: "endpointslices",
	}).Namespace(live.GetNamespace()).List(ctx, metav1.ListOptions{
		LabelSelector: labels.Set{"kubernetes.io/service-name": live.GetName()}.String(),
	})
	if err != nil {
		return fmt.Errorf("its endpoints cannot be read: %w", err)
	}
	for _, slice := range slices.Items {
		endpoints, _, _ := unstructured.NestedSlice(slice.Object, "endpoints")
		for _, endpoint := range endpoints {
			if ready, found, _ := unstructured.NestedBool(endpoint.(map[string]any), "conditions", "ready"); ready || !found {
				return nil
			}
		}
	}
	return errors.New("no ready pod is behind the service")
}

func hasAddress(live *unstructured.Unstructured) error {
	if addresses, _, _ := unstructured.NestedSlice(live.Object, "status", "loadBalancer", "ingress"); len(addresses) == 0 {
		return errors.New("it has no address yet")
	}
	return nil
}

func serviceAccountTokenReady(live *unstructured.Unstructured) error {
	if live.Object["type"] == "kubernetes.io/service-account-token" {
		if _, found, _ := unstructured.NestedString(live.Object, "data", "token"); !found {
			return errors.New("the controller has not put the token in yet")
		}
	}
	return nil
}

func observed(live *unstructured.Unstructured) error {
	if count(live, 0, "status", "observedGeneration") < live.GetGeneration() {
		return errors.New("its controller has not seen the change yet")
	}
	return nil
}

func needs(live *unstructured.Unstructured, kind string) error {
	found := condition(live, kind)
	if found["status"] == "True" {
		return nil
	}
	if text := message(found); text != "" {
		return fmt.Errorf("not %s: %s", kind, text)
	}
	return fmt.Errorf("not %s", kind)
}

func condition(live *unstructured.Unstructured, kind string) map[string]any {
	conditions, _, _ := unstructured.NestedSlice(live.Object, "status", "conditions")
	for _, each := range conditions {
		if found, ok := each.(map[string]any); ok && found["type"] == kind {
			return found
		}
	}
	return nil
}

func message(condition map[string]any) string {
	var parts []string
	for _, key := range []string{"reason", "message"} {
		if part, ok := condition[key].(string); ok && part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ": ")
}

func count(live *unstructured.Unstructured, otherwise int64, fields ...string) int64 {
	if n, found, err := unstructured.NestedInt64(live.Object, fields...); found && err == nil {
		return n
	}
	return otherwise
}

// podTroubles adds what the pods of a workload are waiting for: an image, a volume, a crash loop.
func (p *provider) podTroubles(ctx context.Context, live *unstructured.Unstructured) string {
	selector, found, _ := unstructured.NestedStringMap(live.Object, "spec", "selector", "matchLabels")
	if !found {
		return ""
	}
	pods, err := p.cluster.dynamic.Resource(schema.GroupVersionResource{Version: "v1", Resource: "pods"}).
		Namespace(live.GetNamespace()).List(ctx, metav1.ListOptions{LabelSelector: labels.Set(selector).String()})
	if err != nil {
		return ""
	}
	troubles := ""
	for _, pod := range pods.Items {
		troubles += waiting(&pod)
	}
	return troubles
}

// waiting tells why a pod's containers do not run, or why it has no node.
func waiting(pod *unstructured.Unstructured) string {
	var troubles strings.Builder
	for _, kind := range []string{"initContainerStatuses", "containerStatuses"} {
		statuses, _, _ := unstructured.NestedSlice(pod.Object, "status", kind)
		for _, status := range statuses {
			container, _ := status.(map[string]any)
			for _, state := range []string{"waiting", "terminated"} {
				if why, found, _ := unstructured.NestedMap(container, "state", state); found && message(why) != "" && why["reason"] != "Completed" {
					fmt.Fprintf(&troubles, "; container %v of pod %s: %s", container["name"], pod.GetName(), message(why))
				}
			}
		}
	}
	if scheduled := condition(pod, "PodScheduled"); scheduled["status"] == "False" {
		fmt.Fprintf(&troubles, "; pod %s: %s", pod.GetName(), message(scheduled))
	}
	return troubles.String()
}
