package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

func TestComparison(t *testing.T) {
	const add, remove, update = pulumirpc.PropertyDiff_ADD, pulumirpc.PropertyDiff_DELETE, pulumirpc.PropertyDiff_UPDATE
	for _, test := range []struct {
		name     string
		old, new map[string]any
		forceNew string
		want     map[string]pulumirpc.PropertyDiff_Kind
	}{
		{"numbers of either kind", map[string]any{"a": int64(1)}, map[string]any{"a": 1.0}, "", nil},
		{"keys with dots and dashes", map[string]any{"a": map[string]any{"x.y/z": "1", "x-y": "1"}},
			map[string]any{"a": map[string]any{"x.y/z": "2", "x-y": "2"}}, "",
			map[string]pulumirpc.PropertyDiff_Kind{`a["x.y/z"]`: update, `a["x-y"]`: update}},
		{"lists by position", map[string]any{"a": []any{"x", "y", "z"}}, map[string]any{"a": []any{"x", "w"}}, "",
			map[string]pulumirpc.PropertyDiff_Kind{"a[1]": update, "a[2]": remove}},
		{"came", map[string]any{}, map[string]any{"a": "x"}, "",
			map[string]pulumirpc.PropertyDiff_Kind{"a": add}},
		{"unknown", map[string]any{"a": "x"}, map[string]any{"a": resource.Computed{}, "b": resource.Computed{}}, "",
			map[string]pulumirpc.PropertyDiff_Kind{"a": update, "b": add}},
		{"immutable itself", map[string]any{"a": "x"}, map[string]any{"a": "y"}, "a",
			map[string]pulumirpc.PropertyDiff_Kind{"a": pulumirpc.PropertyDiff_UPDATE_REPLACE}},
		{"below an immutable", map[string]any{"a": map[string]any{"b": "x"}}, map[string]any{"a": map[string]any{}}, "a",
			map[string]pulumirpc.PropertyDiff_Kind{"a.b": pulumirpc.PropertyDiff_DELETE_REPLACE}},
		{"above an immutable", map[string]any{}, map[string]any{"a": map[string]any{"b": []any{map[string]any{"c": "x"}}}},
			"a.b.*.c", map[string]pulumirpc.PropertyDiff_Kind{"a": pulumirpc.PropertyDiff_ADD_REPLACE}},
		{"beside an immutable", map[string]any{"a": map[string]any{"b": "x"}}, map[string]any{"a": map[string]any{"b": "y"}},
			"a.c", map[string]pulumirpc.PropertyDiff_Kind{"a.b": update}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var forceNew []string
			if test.forceNew != "" {
				forceNew = []string{test.forceNew}
			}
			comparison, err := newComparison(forceNew, nil)
			must(t, err)
			comparison.compare(nil, test.old, test.new)
			if len(comparison.diffs) != len(test.want) {
				t.Errorf("got %v, want %v", comparison.diffs, test.want)
			}
			for path, kind := range test.want {
				if got, ok := comparison.diffs[path]; !ok || got.GetKind() != kind {
					t.Errorf("%s: got %v, want %v", path, got, kind)
				}
			}
		})
	}
}

func TestNormalizedSpellingsAreEqual(t *testing.T) {
	for _, test := range []struct {
		name      string
		one, same map[string]any
	}{
		{"stringData is data", map[string]any{"apiVersion": "v1", "kind": "Secret", "stringData": map[string]any{"a": "b"}},
			map[string]any{"apiVersion": "v1", "kind": "Secret", "data": map[string]any{"a": "Yg=="}}},
		{"quantities", map[string]any{"apiVersion": "v1", "kind": "ResourceQuota",
			"spec": map[string]any{"hard": map[string]any{"cpu": "1000m"}}},
			map[string]any{"apiVersion": "v1", "kind": "ResourceQuota",
				"spec": map[string]any{"hard": map[string]any{"cpu": "1"}}}},
		{"what only the server sets", map[string]any{"apiVersion": "v1", "kind": "Namespace",
			"metadata": map[string]any{"name": "n", "uid": "u", "resourceVersion": "1"}},
			map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "n"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			one, same := toObject(props(test.one)), toObject(props(test.same))
			normalize(one, false)
			normalize(same, false)
			if !equal(one.Object, same.Object) {
				t.Errorf("%v and %v", one.Object, same.Object)
			}
		})
	}
}

func TestRedactionFindsEveryForm(t *testing.T) {
	request, err := marshal(props(map[string]any{"a": []any{secret("line one\nline two")}, "b": "known"}))
	must(t, err)
	found := secretsIn(&pulumirpc.CreateRequest{Properties: request})
	for _, quoted := range []string{"line one\nline two", `line one\nline two`, "bGluZSBvbmUKbGluZSB0d28="} {
		redacted := redact(errors.New("bad: "+quoted+", known"), found).Error()
		if strings.Contains(redacted, quoted) || !strings.Contains(redacted, "known") {
			t.Errorf("%q became %q", quoted, redacted)
		}
	}
}
