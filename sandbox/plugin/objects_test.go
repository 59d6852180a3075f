package main

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestNamespaceFromPreviewToDeletion(t *testing.T) {
	p := configured(t, nil)
	r := p.resource("kubernetes:core/v1:Namespace")
	name, err := resource.NewUniqueHex("plugin-test-", 8, 0)
	must(t, err)
	wanted := func(label string) resource.PropertyMap {
		return props(map[string]any{"metadata": map[string]any{"name": name, "labels": map[string]any{"a": label}}})
	}

	previewed, err := r.preview(wanted("1"))
	must(t, err)
	if _, ok := previewed["status"]; ok || p.live("v1", "Namespace", "", name) != nil {
		t.Errorf("the preview made something, or knows a status: %v", previewed)
	}
	must(t, r.up(wanted("1")))
	if r.id != name || text(r.read(r.state)["metadata"].ObjectValue()["uid"]) == "" {
		t.Errorf("ID %q, state %v", r.id, r.state)
	}
	r.hasNoDiff(wanted("1"))
	diff := r.diff(wanted("2"))
	if diff.GetDetailedDiff()["metadata.labels.a"].GetKind() != pulumirpc.PropertyDiff_UPDATE || len(diff.Replaces) > 0 {
		t.Errorf("changed label: %v", diff)
	}
	must(t, r.up(wanted("2")))
	must(t, r.refresh())
	r.hasNoDiff(wanted("2"))
	must(t, r.delete())
	if p.live("v1", "Namespace", "", name) != nil {
		t.Error("the namespace is still there after Delete")
	}
	must(t, r.delete()) // what is gone is as good
	must(t, r.refresh())
	if r.id != "" {
		t.Errorf("refresh finds a deleted namespace: %q", r.id)
	}
}

func TestPreviewShowsTheInputsWhereTheServerCannotTell(t *testing.T) {
	p := configured(t, nil)
	namespace := p.namespace()
	p.apply(object("v1", "ConfigMap", namespace, "taken", nil))
	for _, test := range []struct {
		name, kind string
		inputs     map[string]any
	}{
		{"a namespace that comes first", "kubernetes:core/v1:ConfigMap",
			map[string]any{"metadata": metadata("not-yet-there", "m"), "data": map[string]any{"a": "b"}}},
		{"a kind that comes first", "kubernetes:example.com/v1:Thing",
			map[string]any{"metadata": metadata(namespace, "m"), "data": map[string]any{"a": "b"}}},
		{"an object that goes first", "kubernetes:core/v1:ConfigMap",
			map[string]any{"metadata": metadata(namespace, "taken"), "data": map[string]any{"a": "b"}}},
		{"a value that is not known", "kubernetes:core/v1:ConfigMap",
			map[string]any{"metadata": metadata(namespace, "m"), "data": map[string]any{"a": "b", "c": unknown()}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			previewed, err := p.resource(test.kind).preview(props(test.inputs))
			must(t, err)
			if got := previewed["data"].ObjectValue()["a"]; got.StringValue() != "b" {
				t.Errorf("previewed %v", previewed)
			}
		})
	}
}

func TestPreviewNeedsNoRightToWrite(t *testing.T) {
	config, err := configured(t, nil).provider.cluster.loader("").RawConfig()
	must(t, err)
	for _, user := range config.AuthInfos {
		user.Impersonate = "somebody-without-rights"
	}
	p := configured(t, map[string]string{"kubeconfig": content(t, config)})
	previewed, err := p.resource("kubernetes:core/v1:ConfigMap").preview(
		props(map[string]any{"metadata": metadata("default", "m"), "data": map[string]any{"a": "b"}}))
	must(t, err)
	if got := previewed["data"].ObjectValue()["a"]; got.StringValue() != "b" {
		t.Errorf("previewed %v", previewed)
	}
}

func TestCreateRefusesWhatIsThere(t *testing.T) {
	p := configured(t, nil)
	namespace := p.namespace()
	p.apply(object("v1", "ConfigMap", namespace, "taken", map[string]any{"data": map[string]any{"a": "mine"}}))
	err := p.resource("kubernetes:core/v1:ConfigMap").up(
		props(map[string]any{"metadata": metadata(namespace, "taken"), "data": map[string]any{"a": "yours"}}))
	fails(t, err, "ConfigMap "+namespace+"/taken exists already", "import")
	data, _, _ := unstructured.NestedString(p.live("v1", "ConfigMap", namespace, "taken").Object, "data", "a")
	if data != "mine" {
		t.Errorf("the object was overwritten with %q", data)
	}
}

func TestSecretStaysSecret(t *testing.T) {
	p := configured(t, nil)
	namespace := p.namespace()
	r := p.resource("kubernetes:core/v1:Secret")
	const token = "correct-horse-battery"
	encoded := base64.StdEncoding.EncodeToString([]byte(token))
	wanted := func(token any) resource.PropertyMap {
		return props(map[string]any{
			"apiVersion": "v1", "kind": "Secret", "metadata": metadata(namespace, "s"),
			"stringData": map[string]any{"token": token, "url": "http://example.com"},
		})
	}
	previewed, err := r.preview(wanted(token))
	must(t, err)
	must(t, r.up(wanted(token)))
	read := p.resource("kubernetes:core/v1:Secret").fetch(namespace + "/s")
	must(t, r.refresh())
	r.hasNoDiff(wanted(token))
	for _, properties := range []resource.PropertyMap{previewed, r.read(r.state), r.read(r.inputs), read} {
		hides(t, properties, token)
		hides(t, properties, encoded)
		if got := plain(properties)["data"].(map[string]any)["token"]; got != encoded {
			t.Errorf("the data is not there: %v", got)
		}
	}
	diff := r.diff(wanted("another"))
	if !slices.Contains(diff.GetReplaces(), "data.token") || !diff.GetDeleteBeforeReplace() {
		t.Errorf("a changed Secret with a fixed name must be replaced after its deletion: %v", diff)
	}
	if diff := r.diff(wanted(unknown())); !slices.Contains(diff.GetReplaces(), "data.token") {
		t.Errorf("a Secret whose data is not known yet must be replaced: %v", diff)
	}
}

func TestMutableSecretIsUpdatedInPlace(t *testing.T) {
	p := configured(t, map[string]string{"enableSecretMutable": "true"})
	namespace := p.namespace()
	r := p.resource("kubernetes:core/v1:Secret")
	wanted := func(data map[string]any) resource.PropertyMap {
		return props(map[string]any{"metadata": metadata(namespace, "s"), "stringData": data})
	}
	must(t, r.up(wanted(map[string]any{"token": "first", "old": "gone soon"})))
	if diff := r.diff(wanted(map[string]any{"token": "second"})); len(diff.GetReplaces()) > 0 || len(diff.DetailedDiff) != 2 {
		t.Errorf("diff %v", diff)
	}
	previewed, err := r.preview(wanted(map[string]any{"token": "second"}))
	must(t, err)
	hides(t, previewed, "second")
	uid := p.live("v1", "Secret", namespace, "s").GetUID()
	must(t, r.up(wanted(map[string]any{"token": "second"})))
	live := p.live("v1", "Secret", namespace, "s")
	data, _, _ := unstructured.NestedStringMap(live.Object, "data")
	if live.GetUID() != uid || len(data) != 1 || data["token"] != base64.StdEncoding.EncodeToString([]byte("second")) {
		t.Errorf("after the update: %v", data)
	}
}

func TestErrorsHideSecrets(t *testing.T) {
	p := configured(t, nil)
	namespace := p.namespace()
	const token = "tr0ub4dor and 3"
	err := p.resource("kubernetes:core/v1:ConfigMap").up(props(map[string]any{
		"metadata": map[string]any{"namespace": namespace, "name": "m", "labels": map[string]any{"a": secret(token)}},
	}))
	fails(t, err, "ConfigMap "+namespace+"/m was not created", "[secret]")
	if strings.Contains(err.Error(), token) {
		t.Errorf("the error quotes the secret: %v", err)
	}
}

func TestUnnamedObjectKeepsItsName(t *testing.T) {
	p := configured(t, map[string]string{"namespace": "default"})
	r := p.resource("kubernetes:core/v1:ConfigMap")
	wanted := func(value string) resource.PropertyMap {
		return props(map[string]any{"data": map[string]any{"a": value}})
	}
	must(t, r.up(wanted("1")))
	defer func() { must(t, r.delete()) }()
	if !strings.HasPrefix(r.id, "default/thing-") || len(r.id) <= len("default/thing-") {
		t.Errorf("ID %q", r.id)
	}
	r.hasNoDiff(wanted("1"))
	diff := r.diff(wanted("2"))
	if !slices.Equal(diff.GetReplaces(), []string{"data.a"}) || diff.GetDeleteBeforeReplace() {
		t.Errorf("a named-by-us ConfigMap must be replaced before the old one goes: %v", diff)
	}
	if diff := r.diff(wanted("2"), "data.a"); diff.GetChanges() != pulumirpc.DiffResponse_DIFF_NONE {
		t.Errorf("ignored change shows: %v", diff)
	}
}

func TestRemovedFieldsGoAndForeignFieldsStay(t *testing.T) {
	p := configured(t, nil)
	namespace := p.namespace()
	r := p.resource("kubernetes:core/v1:ServiceAccount")
	wanted := func(labels map[string]any) resource.PropertyMap {
		return props(map[string]any{"metadata": map[string]any{"namespace": namespace, "name": "a", "labels": labels}})
	}
	must(t, r.up(wanted(map[string]any{"keep": "1", "drop": "1"})))
	foreign := object("v1", "ServiceAccount", namespace, "a", nil)
	foreign.SetLabels(map[string]string{"foreign": "1"})
	p.apply(foreign)
	must(t, r.refresh())
	r.hasNoDiff(wanted(map[string]any{"keep": "1", "drop": "1"}))
	must(t, r.up(wanted(map[string]any{"keep": "2"})))
	labels := p.live("v1", "ServiceAccount", namespace, "a").GetLabels()
	if len(labels) != 2 || labels["keep"] != "2" || labels["foreign"] != "1" {
		t.Errorf("labels after the update: %v", labels)
	}

	foreign.SetLabels(map[string]string{"foreign": "1", "keep": "3"})
	p.apply(foreign)
	err := r.up(wanted(map[string]any{"keep": "4"}))
	fails(t, err, "another manager owns some of the fields", "somebody-else")
	if partialFailure(err) == nil {
		t.Errorf("the object is there, but the failure is not partial: %v", err)
	}
	must(t, r.refresh())
	if diff := r.diff(wanted(map[string]any{"keep": "2"})); diff.GetDetailedDiff()["metadata.labels.keep"] == nil {
		t.Errorf("drift does not show: %v", diff)
	}
	forced := wanted(map[string]any{"keep": "4"})
	forced["metadata"].ObjectValue()["annotations"] = resource.NewObjectProperty(
		props(map[string]any{"pulumi.com/patchForce": "true"}))
	must(t, r.up(forced))
	if labels := p.live("v1", "ServiceAccount", namespace, "a").GetLabels(); labels["keep"] != "4" {
		t.Errorf("labels after the forced update: %v", labels)
	}
}

func TestNetworkPolicy(t *testing.T) {
	p := configured(t, nil)
	namespace := p.namespace()
	r := p.resource("kubernetes:networking.k8s.io/v1:NetworkPolicy")
	wanted := func(port float64) resource.PropertyMap {
		return props(map[string]any{
			"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata(namespace, "n"),
			"spec": map[string]any{
				"podSelector": map[string]any{"matchLabels": map[string]any{"app": "proxy"}},
				"policyTypes": []any{"Egress"},
				"egress": []any{
					map[string]any{"ports": []any{map[string]any{"port": port, "protocol": "TCP"}},
						"to": []any{map[string]any{"ipBlock": map[string]any{"cidr": "0.0.0.0/0"}}}},
					map[string]any{"ports": []any{map[string]any{"port": 53.0}}},
				},
			},
		})
	}
	_, err := r.preview(wanted(443))
	must(t, err)
	must(t, r.up(wanted(443)))
	must(t, r.refresh())
	r.hasNoDiff(wanted(443))
	diff := r.diff(wanted(8443))
	if len(diff.GetDetailedDiff()) != 1 || diff.GetDetailedDiff()["spec.egress[0].ports[0].port"] == nil {
		t.Errorf("diff %v", diff.GetDetailedDiff())
	}
	must(t, r.up(wanted(8443)))
	r.hasNoDiff(wanted(8443))
	must(t, r.delete())
}

func TestDeploymentIsAwaited(t *testing.T) {
	p := configured(t, nil)
	namespace := p.namespace()
	r := p.resource("kubernetes:apps/v1:Deployment")
	wanted := func(replicas float64, app string, annotations map[string]any) resource.PropertyMap {
		labels := map[string]any{"app": app}
		return props(map[string]any{
			"apiVersion": "apps/v1", "kind": "Deployment",
			"metadata": map[string]any{"namespace": namespace, "name": "d", "annotations": annotations},
			"spec": map[string]any{
				"replicas": replicas, "selector": map[string]any{"matchLabels": labels},
				"template": map[string]any{"metadata": map[string]any{"labels": labels}, "spec": map[string]any{
					"nodeSelector": map[string]any{"sandbox.test/no-such-node": "true"},
					"containers": []any{map[string]any{"name": "never", "image": "registry.invalid/never:1",
						"resources": map[string]any{"requests": map[string]any{"cpu": "1000m"}}}},
				}},
			},
		})
	}
	impatient := map[string]any{"pulumi.com/timeoutSeconds": "2"}
	err := r.up(wanted(1, "a", impatient))
	fails(t, err, "Deployment "+namespace+"/d was created but is not ready")
	if r.id != namespace+"/d" || p.live("apps/v1", "Deployment", namespace, "d") == nil {
		t.Errorf("a partial failure must keep the object and its state, ID %q", r.id)
	}
	if err := r.refresh(); partialFailure(err) == nil {
		t.Errorf("refresh does not tell that the Deployment is not ready: %v", err)
	}
	r.hasNoDiff(wanted(1, "a", impatient))
	must(t, r.up(wanted(1, "a", map[string]any{"pulumi.com/skipAwait": "true"})))
	must(t, r.up(wanted(0, "a", impatient))) // none wanted, none missing
	diff := r.diff(wanted(1, "b", impatient))
	if !slices.Contains(diff.GetReplaces(), "spec.selector.matchLabels.app") || !diff.GetDeleteBeforeReplace() {
		t.Errorf("a changed selector needs a new Deployment: %v", diff)
	}
	must(t, r.delete())
	if p.live("apps/v1", "Deployment", namespace, "d") != nil {
		t.Error("the Deployment is still there after Delete")
	}
}

func TestCancelEndsTheWaitingAndKeepsTheObject(t *testing.T) {
	p := configured(t, nil)
	namespace := p.namespace()
	r := p.resource("kubernetes:core/v1:Pod")
	ended := make(chan error)
	go func() {
		ended <- r.up(props(map[string]any{"metadata": metadata(namespace, "never"), "spec": map[string]any{
			"nodeSelector": map[string]any{"sandbox.test/no-such-node": "true"},
			"containers":   []any{map[string]any{"name": "never", "image": "registry.invalid/never:1"}},
		}}))
	}()
	for p.live("v1", "Pod", namespace, "never") == nil {
		time.Sleep(50 * time.Millisecond)
	}
	_, err := p.client.Cancel(t.Context(), &emptypb.Empty{})
	must(t, err)
	if err := <-ended; partialFailure(err) == nil {
		t.Errorf("the cancelled creation must keep the state: %v", err)
	}
}

func TestCustomResourceWaitsForItsDefinition(t *testing.T) {
	p := configured(t, nil)
	namespace := p.namespace()
	group := namespace + ".example.com"
	definition, thing := p.resource("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"),
		p.resource("kubernetes:"+group+"/v1:Thing")
	schema := func(property string) resource.PropertyMap {
		return props(map[string]any{
			"metadata": map[string]any{"name": "things." + group},
			"spec": map[string]any{
				"group": group, "scope": "Namespaced",
				"names": map[string]any{"kind": "Thing", "plural": "things"},
				"versions": []any{map[string]any{"name": "v1", "served": true, "storage": true,
					"schema": map[string]any{"openAPIV3Schema": map[string]any{"type": "object", "properties": map[string]any{
						property: map[string]any{"type": "object", "x_kubernetes_preserve_unknown_fields": true},
					}}}}},
			},
		})
	}
	made := make(chan error)
	go func() {
		made <- thing.up(props(map[string]any{"metadata": metadata(namespace, "t"),
			"spec": map[string]any{"size": 3.0}}))
	}()
	must(t, definition.up(schema("spec")))
	defer func() { must(t, definition.delete()) }()
	must(t, <-made)
	definition.hasNoDiff(schema("spec"))
	must(t, definition.up(schema("other")))
	definition.hasNoDiff(schema("other"))
	must(t, thing.delete())
}

func TestGetAndImportTakeWhatIsThere(t *testing.T) {
	p := configured(t, nil)
	namespace := p.namespace()
	p.apply(object("v1", "ConfigMap", namespace, "m", map[string]any{"data": map[string]any{"a": "b"}}))
	r := p.resource("kubernetes:core/v1:ConfigMap")
	state := r.fetch(namespace + "/m")
	if plain(state)["data"].(map[string]any)["a"] != "b" || r.id != namespace+"/m" {
		t.Errorf("ID %q, state %v", r.id, state)
	}
	imported := props(map[string]any{"metadata": metadata(namespace, "m"), "data": map[string]any{"a": "b"}})
	r.hasNoDiff(imported)
	must(t, r.delete())
	if gone := p.resource("kubernetes:core/v1:ConfigMap"); len(gone.fetch(namespace+"/m")) > 0 || gone.id != "" {
		t.Errorf("an object that is not there was read: %q", gone.id)
	}
	_, err := p.client.Read(t.Context(), &pulumirpc.ReadRequest{Urn: r.urn, Id: "a/b/c"})
	fails(t, err, `"a/b/c" is no ID of a ConfigMap`)
}
