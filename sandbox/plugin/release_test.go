package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// chartCopy is the test chart in a folder that the test may edit.
func chartCopy(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	must(t, os.CopyFS(folder, os.DirFS("testdata/chart")))
	return folder
}

// releaseInputs are those of a Java program, which sends compat along.
func inputsOf(chart, namespace string, values map[string]any, more ...map[string]any) resource.PropertyMap {
	inputs := map[string]any{"chart": chart, "name": "tiny", "namespace": namespace, "values": values, "compat": "true"}
	for _, fields := range more {
		for key, value := range fields {
			inputs[key] = value
		}
	}
	return props(inputs)
}

func (p *running) greeting(namespace string) string {
	p.t.Helper()
	found := p.live("v1", "ConfigMap", namespace, "tiny")
	if found == nil {
		return ""
	}
	greeting, _, _ := unstructured.NestedString(found.Object, "data", "greeting")
	return greeting
}

func TestReleaseFromPreviewToUninstall(t *testing.T) {
	p := configured(t, nil)
	namespace, chart := p.namespace(), chartCopy(t)
	r := p.resource(releaseType)
	first := inputsOf(chart, namespace, map[string]any{"greeting": "hi", "nested": map[string]any{"list": []any{1.0, "a"}}},
		map[string]any{"maxHistory": 2.0})

	previewed, err := r.preview(first)
	must(t, err)
	if !previewed["status"].IsComputed() || !previewed["resourceNames"].IsComputed() || p.greeting(namespace) != "" {
		t.Errorf("previewed %v", previewed)
	}
	must(t, r.up(first))
	state := r.read(r.state)
	status := state["status"].ObjectValue()
	if r.id != namespace+"/tiny" || status["status"].StringValue() != "deployed" || status["revision"].NumberValue() != 1 ||
		status["version"].StringValue() != "0.1.0" || status["appVersion"].StringValue() != "1" ||
		state["version"].StringValue() != "0.1.0" || status["chart"].StringValue() != "tiny" {
		t.Errorf("ID %q, state %v", r.id, state)
	}
	names := plain(state)["resourceNames"].(map[string]any)
	if len(names) != 2 || !slices.Equal(names["ConfigMap/v1"].([]any), []any{"tiny"}) {
		t.Errorf("resourceNames %v", names)
	}
	r.hasNoDiff(first)
	must(t, r.refresh())
	r.hasNoDiff(first)

	second := inputsOf(chart, namespace, map[string]any{"greeting": "bye"}, map[string]any{"maxHistory": 2.0})
	diff := r.diff(second)
	if diff.GetDetailedDiff()["values.greeting"].GetKind() != pulumirpc.PropertyDiff_UPDATE || len(diff.GetReplaces()) > 0 {
		t.Errorf("changed values: %v", diff)
	}
	if previewed, err = r.preview(second); err != nil || !previewed["status"].IsComputed() || p.greeting(namespace) != "hi" {
		t.Errorf("previewed %v, %v", previewed, err)
	}
	must(t, r.up(second))
	if p.greeting(namespace) != "bye" || r.read(r.state)["status"].ObjectValue()["revision"].NumberValue() != 2 {
		t.Errorf("after the upgrade: %q, %v", p.greeting(namespace), r.read(r.state)["status"])
	}
	r.hasNoDiff(second)
	if diff := r.diff(inputsOf(chart, "elsewhere", nil)); !slices.Equal(diff.GetReplaces(), []string{"namespace"}) {
		t.Errorf("another namespace needs a new release: %v", diff)
	}

	must(t, r.delete())
	if p.greeting(namespace) != "" {
		t.Error("the chart's objects are still there after Delete")
	}
	must(t, r.delete()) // what is gone is as good
	must(t, r.refresh())
	if r.id != "" {
		t.Errorf("refresh finds a removed release: %q", r.id)
	}
}

func TestEditOfALocalChartIsSeen(t *testing.T) {
	p := configured(t, nil)
	namespace, chart := p.namespace(), chartCopy(t)
	r := p.resource(releaseType)
	wanted := inputsOf(chart, namespace, nil)
	must(t, r.up(wanted))
	made := p.live("v1", "Secret", namespace, "tiny-token").Object["data"].(map[string]any)["token"]

	template := filepath.Join(chart, "templates", "configmap.yaml")
	text, err := os.ReadFile(template)
	must(t, err)
	must(t, os.WriteFile(template, append(text, []byte("  edited: \"yes\"\n")...), 0o600))
	withUnknowns := inputsOf(chart, namespace, map[string]any{"greeting": unknown()})
	for _, inputs := range []resource.PropertyMap{wanted, withUnknowns} {
		if diff := r.diff(inputs); diff.GetDetailedDiff()["checksum"] == nil || len(diff.GetReplaces()) > 0 {
			t.Errorf("the edit does not show: %v", diff)
		}
	}
	if diff := r.diff(wanted, "checksum"); diff.GetChanges() != pulumirpc.DiffResponse_DIFF_NONE {
		t.Errorf("the ignored edit shows: %v", diff)
	}
	must(t, r.up(wanted))
	data := p.live("v1", "ConfigMap", namespace, "tiny").Object["data"].(map[string]any)
	if data["edited"] != "yes" || p.live("v1", "Secret", namespace, "tiny-token").Object["data"].(map[string]any)["token"] != made {
		t.Errorf("after the upgrade: %v; the token must stay", data)
	}
	r.hasNoDiff(wanted)
	must(t, r.delete())
}

func TestFailedReleases(t *testing.T) {
	p := configured(t, nil)
	namespace, chart := p.namespace(), chartCopy(t)
	hasty := map[string]any{"timeout": 2.0}
	neverReady := map[string]any{"pod": true}

	r := p.resource(releaseType)
	err := r.up(inputsOf(chart, namespace, map[string]any{"fail": true, "greeting": secret("a-secret-greeting")}))
	fails(t, err, "the Helm release "+namespace+"/tiny was not installed", "refused with [secret]")
	if partialFailure(err) != nil || strings.Contains(err.Error(), "a-secret-greeting") {
		t.Errorf("nothing was installed, and nothing may be told: %v", err)
	}

	err = r.up(inputsOf(chart, namespace, neverReady, hasty, map[string]any{"atomic": true}))
	fails(t, err, "was not installed")
	if partialFailure(err) != nil || p.greeting(namespace) != "" {
		t.Errorf("an atomic installation must leave nothing: %v", err)
	}

	err = r.up(inputsOf(chart, namespace, neverReady, hasty))
	fails(t, err, "the Helm release "+namespace+"/tiny was created, but failed")
	if status := r.read(r.state)["status"].ObjectValue()["status"]; partialFailure(err) == nil || status.StringValue() != "failed" {
		t.Errorf("a failed release must stay in the state: %v, %v", status, err)
	}
	must(t, r.up(inputsOf(chart, namespace, map[string]any{"pod": false}, hasty)))
	if status := r.read(r.state)["status"].ObjectValue()["status"]; status.StringValue() != "deployed" {
		t.Errorf("after the repair: %v", status)
	}

	fails(t, p.resource(releaseType).up(inputsOf(chart, namespace, nil)), "cannot re-use a name that is still in use")

	err = r.up(inputsOf(chart, namespace, neverReady, hasty, map[string]any{"atomic": true}))
	fails(t, err, "the upgrade of the Helm release "+namespace+"/tiny failed")
	if status := r.read(r.state)["status"].ObjectValue(); partialFailure(err) == nil || status["status"].StringValue() != "deployed" {
		t.Errorf("an atomic upgrade must go back to what was deployed: %v", status)
	}
	must(t, r.delete())
}

func TestReleaseReadsWhatIsLive(t *testing.T) {
	p := configured(t, nil)
	namespace, chart := p.namespace(), chartCopy(t)
	r, other := p.resource(releaseType), p.resource(releaseType)
	wanted := inputsOf(chart, namespace, map[string]any{"greeting": secret("s3cret-greeting"), "count": 2.0})
	must(t, r.up(wanted))
	hides(t, r.read(r.state), "s3cret-greeting")
	hides(t, r.read(r.inputs), "s3cret-greeting")

	imported := other.fetch(namespace + "/tiny")
	if imported["name"].StringValue() != "tiny" || imported["values"].ObjectValue()["count"].NumberValue() != 2 {
		t.Errorf("imported %v", imported)
	}
	must(t, other.up(inputsOf(chart, namespace, map[string]any{"greeting": "drift", "count": 2.0})))

	must(t, r.refresh())
	hides(t, r.read(r.state), "drift")
	if diff := r.diff(wanted); len(diff.GetDetailedDiff()) != 1 || diff.GetDetailedDiff()["values.greeting"] == nil {
		t.Errorf("drift does not show: %v", diff)
	}
	must(t, r.up(wanted))
	if p.greeting(namespace) != "s3cret-greeting" {
		t.Errorf("drift was not corrected: %q", p.greeting(namespace))
	}
	must(t, r.delete())
}

func TestNullTakesADefaultAway(t *testing.T) {
	p := configured(t, nil)
	namespace, chart := p.namespace(), chartCopy(t)
	wanted := func(allow bool) resource.PropertyMap {
		return inputsOf(chart, namespace, map[string]any{"greeting": nil, "count": 2.0}, map[string]any{"allowNullValues": allow})
	}
	for _, test := range []struct {
		allow bool
		want  string
	}{{false, "hello"}, {true, ""}} {
		r := p.resource(releaseType)
		must(t, r.up(wanted(test.allow)))
		if got := p.greeting(namespace); got != test.want {
			t.Errorf("allowNullValues %v: greeting %q", test.allow, got)
		}
		r.hasNoDiff(wanted(test.allow))
		must(t, r.refresh())
		r.hasNoDiff(wanted(test.allow))
		must(t, r.delete())
	}
}

func TestUnusableChartsFailInCheck(t *testing.T) {
	p := configured(t, nil)
	r := p.resource(releaseType)
	chart := chartCopy(t)
	must(t, os.Remove(filepath.Join(chart, "Chart.yaml")))
	for _, inputs := range []resource.PropertyMap{
		inputsOf("./no-such-chart", "default", nil), inputsOf(chart, "default", nil), inputsOf("", "default", nil),
	} {
		checked, err := p.client.Check(t.Context(), &pulumirpc.CheckRequest{Urn: r.urn, News: r.wire(inputs)})
		must(t, err)
		if len(checked.GetFailures()) != 1 || checked.GetFailures()[0].GetProperty() != "chart" {
			t.Errorf("%v: failures %v", inputs, checked.GetFailures())
		}
	}
}

func TestValueFilesLieUnderTheValues(t *testing.T) {
	file := func(text string) resource.PropertyValue {
		written, err := asset.FromText(text)
		must(t, err)
		return resource.NewAssetProperty(written)
	}
	values := map[string]any{"a": map[string]any{"z": "own"}}
	for _, test := range []struct {
		name   string
		files  []resource.PropertyValue
		want   map[string]any
		secret bool
		fails  string
	}{
		{"none", nil, values, false, ""},
		{"maps merge, lists and the rest are replaced",
			[]resource.PropertyValue{file("a: {x: 1, z: 1}\nb: [1, 2]\n"), file("a: {x: 2}\nb: [3]\n")},
			map[string]any{"a": map[string]any{"x": 2.0, "z": "own"}, "b": []any{3.0}}, false, ""},
		{"one secret file makes all secret", []resource.PropertyValue{resource.MakeSecret(file("b: hush"))},
			map[string]any{"a": map[string]any{"z": "own"}, "b": "hush"}, true, ""},
		{"no mapping", []resource.PropertyValue{file("hush")}, nil, false, "valueYamlFiles[0]: the text is not YAML"},
		{"no asset", []resource.PropertyValue{resource.NewStringProperty("hush")}, nil, false, "valueYamlFiles[0]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inputs := props(map[string]any{"values": values})
			if test.files != nil {
				inputs["valueYamlFiles"] = resource.NewArrayProperty(test.files)
			}
			err := mergeValueFiles(inputs)
			if test.fails != "" {
				fails(t, err, test.fails)
				if strings.Contains(err.Error(), "hush") {
					t.Errorf("the error quotes the file: %v", err)
				}
				return
			}
			must(t, err)
			if !equal(plain(inputs)["values"].(map[string]any), test.want) || inputs["values"].IsSecret() != test.secret {
				t.Errorf("merged %v", inputs)
			}
		})
	}
}
