package main

import (
	"fmt"
	"reflect"
	"sort"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// comparison collects the differences between two values, property by property.
type comparison struct {
	// forceNew are the paths whose change needs a new object, each as its fields; "*" stands for any element.
	forceNew [][]string
	ignored  []resource.PropertyPath
	diffs    map[string]*pulumirpc.PropertyDiff
}

func newComparison(forceNew, ignored []string) (*comparison, error) {
	c := &comparison{diffs: map[string]*pulumirpc.PropertyDiff{}}
	for _, path := range forceNew {
		c.forceNew = append(c.forceNew, strings.Split(path, "."))
	}
	for _, path := range ignored {
		parsed, err := resource.ParsePropertyPath(path)
		if err != nil {
			return nil, fmt.Errorf("ignoreChanges: %q is not a property's path: %w", path, err)
		}
		c.ignored = append(c.ignored, parsed)
	}
	return c, nil
}

// absent tells a missing value from a null.
type absent struct{}

func (c *comparison) compare(path resource.PropertyPath, old, new any) {
	oldMap, oldIsMap := old.(map[string]any)
	newMap, newIsMap := new.(map[string]any)
	if oldIsMap && newIsMap {
		for _, key := range keys(oldMap, newMap) {
			c.compare(child(path, key), value(oldMap, key), value(newMap, key))
		}
		return
	}
	oldList, oldIsList := old.([]any)
	newList, newIsList := new.([]any)
	if oldIsList && newIsList {
		for i := range max(len(oldList), len(newList)) {
			c.compare(child(path, i), element(oldList, i), element(newList, i))
		}
		return
	}
	if !same(old, new) {
		c.add(path, old, new)
	}
}

func (c *comparison) add(path resource.PropertyPath, old, new any) {
	for _, ignored := range c.ignored {
		if ignored.Contains(path) {
			return
		}
	}
	diff := &pulumirpc.PropertyDiff{Kind: pulumirpc.PropertyDiff_UPDATE}
	switch {
	case old == absent{}:
		diff.Kind = pulumirpc.PropertyDiff_ADD
	case new == absent{}:
		diff.Kind = pulumirpc.PropertyDiff_DELETE
		diff.InputDiff = true
	}
	if c.needsNew(path, old, new) {
		diff.Kind++ // each kind is followed by its replacing twin
	}
	c.diffs[path.String()] = diff
}

// needsNew also finds an immutable field below the path, when a whole object came or went.
func (c *comparison) needsNew(path resource.PropertyPath, old, new any) bool {
	for _, fields := range c.forceNew {
		if below := matching(path, fields); below >= 0 {
			if below == len(fields) || holds(old, fields[below:]) || holds(new, fields[below:]) {
				return true
			}
		}
	}
	return false
}

// matching gives how many of the fields the path covers, -1 if it goes elsewhere.
func matching(path resource.PropertyPath, fields []string) int {
	for i := range path {
		if i == len(fields) {
			return i
		}
		if _, isIndex := path[i].(int); isIndex != (fields[i] == "*") || (!isIndex && path[i] != fields[i]) {
			return -1
		}
	}
	return len(path)
}

func holds(v any, fields []string) bool {
	if len(fields) == 0 {
		return true
	}
	switch v := v.(type) {
	case map[string]any:
		nested, ok := v[fields[0]]
		return ok && holds(nested, fields[1:])
	case []any:
		return fields[0] == "*" && len(v) > 0 && holds(v[0], fields[1:])
	}
	return false
}

// response is the answer to the engine, which replaces when there are replacing properties.
func (c *comparison) response(deleteBeforeReplace bool) *pulumirpc.DiffResponse {
	response := &pulumirpc.DiffResponse{
		Changes: pulumirpc.DiffResponse_DIFF_NONE, DetailedDiff: c.diffs, HasDetailedDiff: true,
	}
	top := map[string]bool{}
	for path, diff := range c.diffs {
		response.Changes = pulumirpc.DiffResponse_DIFF_SOME
		if parsed, err := resource.ParsePropertyPath(path); err == nil && len(parsed) > 0 {
			top[fmt.Sprint(parsed[0])] = true
		}
		switch diff.Kind {
		case pulumirpc.PropertyDiff_ADD_REPLACE, pulumirpc.PropertyDiff_DELETE_REPLACE,
			pulumirpc.PropertyDiff_UPDATE_REPLACE:
			response.Replaces = append(response.Replaces, path)
		}
	}
	for property := range top {
		response.Diffs = append(response.Diffs, property)
	}
	sort.Strings(response.Diffs)
	sort.Strings(response.Replaces)
	response.DeleteBeforeReplace = deleteBeforeReplace && len(response.Replaces) > 0
	return response
}

func same(a, b any) bool {
	if x, ok := number(a); ok {
		y, ok := number(b)
		return ok && x == y
	}
	return reflect.DeepEqual(a, b)
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

func keys(a, b map[string]any) []string {
	var all []string
	for key := range a {
		all = append(all, key)
	}
	for key := range b {
		if _, ok := a[key]; !ok {
			all = append(all, key)
		}
	}
	return all
}

func value(m map[string]any, key string) any {
	if v, ok := m[key]; ok {
		return v
	}
	return absent{}
}

func element(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return absent{}
}

// child copies, so that siblings never share a backing array.
func child(path resource.PropertyPath, step any) resource.PropertyPath {
	return append(append(make(resource.PropertyPath, 0, len(path)+1), path...), step)
}

// forceNew lists the object's immutable properties, as the official plugin has them.
func (s settings) forceNew(inputs *unstructured.Unstructured) []string {
	paths := []string{"metadata.name", "metadata.namespace"}
	kind := inputs.GroupVersionKind()
	if immutable, _, _ := unstructured.NestedBool(inputs.Object, "immutable"); !immutable {
		switch {
		case s.secretMutable && isKind(inputs, "Secret"):
			return append(paths, "type")
		case s.configMapMutable && isKind(inputs, "ConfigMap"):
			return paths
		}
	}
	return append(paths, immutable[schema.GroupKind{Group: kind.Group, Kind: kind.Kind}]...)
}

var immutable = map[schema.GroupKind][]string{
	{Kind: "ConfigMap"}:             {"data", "binaryData"},
	{Kind: "Secret"}:                {"data", "stringData", "type"},
	{Kind: "Service"}:               {"spec.clusterIP"},
	{Kind: "ResourceQuota"}:         {"spec.scopes"},
	{Kind: "PersistentVolumeClaim"}: {"spec"},
	{Kind: "PersistentVolume"}: {
		"spec.csi", "spec.hostPath", "spec.iscsi", "spec.local", "spec.nfs", "spec.fc", "spec.cephfs", "spec.rbd",
	},
	{Kind: "Pod"}:                                                    podFields,
	{Group: "apps", Kind: "Deployment"}:                              {"spec.selector"},
	{Group: "apps", Kind: "DaemonSet"}:                               {"spec.selector"},
	{Group: "apps", Kind: "ReplicaSet"}:                              {"spec.selector"},
	{Group: "apps", Kind: "StatefulSet"}:                             {"spec.podManagementPolicy", "spec.selector", "spec.serviceName", "spec.volumeClaimTemplates"},
	{Group: "batch", Kind: "Job"}:                                    {"spec.completions", "spec.parallelism", "spec.selector", "spec.template"},
	{Group: "storage.k8s.io", Kind: "StorageClass"}:                  {"parameters", "provisioner"},
	{Group: "rbac.authorization.k8s.io", Kind: "ClusterRoleBinding"}: {"roleRef"},
	{Group: "rbac.authorization.k8s.io", Kind: "RoleBinding"}:        {"roleRef"},
}

// podFields are all but the few that the API server lets change in a running pod.
var podFields = []string{
	"spec.affinity", "spec.containers.*.args", "spec.containers.*.command", "spec.containers.*.env",
	"spec.containers.*.envFrom", "spec.containers.*.image", "spec.containers.*.lifecycle",
	"spec.containers.*.livenessProbe", "spec.containers.*.name", "spec.containers.*.ports",
	"spec.containers.*.readinessProbe", "spec.containers.*.resources", "spec.containers.*.securityContext",
	"spec.containers.*.startupProbe", "spec.containers.*.volumeMounts", "spec.containers.*.workingDir",
	"spec.dnsConfig", "spec.dnsPolicy", "spec.hostNetwork", "spec.hostPID", "spec.hostname",
	"spec.imagePullSecrets", "spec.initContainers", "spec.nodeName", "spec.nodeSelector", "spec.restartPolicy",
	"spec.runtimeClassName", "spec.schedulerName", "spec.securityContext", "spec.serviceAccountName",
	"spec.subdomain", "spec.terminationGracePeriodSeconds", "spec.volumes",
}
