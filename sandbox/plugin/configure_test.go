package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

const twoClusters = `{"apiVersion": "v1", "kind": "Config", "current-context": "one",
	"clusters": [
		{"name": "one", "cluster": {"server": "https://127.0.0.1:1"}},
		{"name": "two", "cluster": {"server": "https://127.0.0.1:2"}}],
	"contexts": [
		{"name": "one", "context": {"cluster": "one", "user": "u"}},
		{"name": "again", "context": {"cluster": "one", "user": "u"}},
		{"name": "two", "context": {"cluster": "two", "user": "u"}}],
	"users": [{"name": "u", "user": {"token": "kubeconfig-token"}}]}`

func content(t *testing.T, config clientcmdapi.Config) string {
	t.Helper()
	written, err := clientcmd.Write(config)
	must(t, err)
	return string(written)
}

func TestSaysWhatItIsOnce(t *testing.T) {
	p := started(t)
	for range 2 {
		p.configure(map[string]string{"kubeconfig": twoClusters})
	}
	if lines := p.engine.logged(); len(lines) != 1 || !strings.Contains(lines[0], "stand-in for the official") {
		t.Errorf("logged %q", lines)
	}
	info, err := p.client.GetPluginInfo(t.Context(), &emptypb.Empty{})
	must(t, err)
	if info.GetVersion() != version {
		t.Errorf("version %q", info.GetVersion())
	}
}

func TestUnreachableClusterIsToldByTheOperations(t *testing.T) {
	for name, options := range map[string]map[string]string{
		"nobody listens":  {"kubeconfig": twoClusters},
		"unknown context": {"kubeconfig": twoClusters, "context": "three"},
		"no such file":    {"kubeconfig": "/no/such/kubeconfig"},
		"no kubeconfig":   {"kubeconfig": "{kubeconfig-token"},
	} {
		t.Run(name, func(t *testing.T) {
			p := started(t)
			p.configure(options)
			r := p.resource("kubernetes:core/v1:ConfigMap")
			wanted := props(map[string]any{"metadata": metadata("default", "m")})
			if _, err := r.preview(wanted); err != nil {
				t.Errorf("a preview of something new needs no cluster: %v", err)
			}
			for _, err := range []error{r.up(wanted), r.refresh(), r.delete()} {
				fails(t, err, "configured Kubernetes cluster is unreachable: ")
				if strings.Contains(err.Error(), "kubeconfig-token") {
					t.Errorf("the error quotes the kubeconfig: %v", err)
				}
			}
		})
	}
}

func TestUnreachableClusterCanBeForgotten(t *testing.T) {
	p := started(t)
	p.configure(map[string]string{"kubeconfig": twoClusters, "deleteUnreachable": "true"})
	r := p.resource("kubernetes:core/v1:ConfigMap")
	r.id = "default/m"
	must(t, r.refresh())
	if r.id != "" {
		t.Errorf("refresh kept %q", r.id)
	}
	must(t, r.delete())
}

func TestProviderIsReplacedOnlyForAnotherCluster(t *testing.T) {
	p := started(t)
	file := filepath.Join(t.TempDir(), "kubeconfig")
	must(t, os.WriteFile(file, []byte(twoClusters), 0o600))
	for _, test := range []struct {
		name     string
		old, new map[string]any
		replaces bool
	}{
		{"another context of the same cluster", map[string]any{"context": "one"}, map[string]any{"context": "again"}, false},
		{"another cluster", map[string]any{"context": "one"}, map[string]any{"context": "two"}, true},
		{"another namespace", map[string]any{}, map[string]any{"namespace": "n"}, false},
		{"a file with the same cluster", map[string]any{}, map[string]any{"kubeconfig": file}, false},
		{"the same identifier", map[string]any{"clusterIdentifier": "a", "context": "one"},
			map[string]any{"clusterIdentifier": "a", "context": "two"}, false},
		{"another identifier", map[string]any{"clusterIdentifier": "a"}, map[string]any{"clusterIdentifier": "b"}, true},
		{"a context that is not known", map[string]any{}, map[string]any{"context": unknown()}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, side := range []map[string]any{test.old, test.new} {
				if _, ok := side["kubeconfig"]; !ok {
					side["kubeconfig"] = twoClusters
				}
			}
			r := p.resource("pulumi:providers:kubernetes")
			diff, err := p.client.DiffConfig(t.Context(), &pulumirpc.DiffRequest{
				Urn: r.urn, Olds: r.wire(props(test.old)), News: r.wire(props(test.new)),
			})
			must(t, err)
			if diff.GetChanges() != pulumirpc.DiffResponse_DIFF_SOME || len(diff.GetReplaces()) > 0 != test.replaces {
				t.Errorf("diff %v", diff)
			}
		})
	}
}

func TestRefusesWhatItDoesNotDo(t *testing.T) {
	p := started(t)
	p.configure(map[string]string{"kubeconfig": twoClusters})
	ctx := t.Context()
	_, invoke := p.client.Invoke(ctx, &pulumirpc.InvokeRequest{Tok: "kubernetes:yaml:decode"})
	_, call := p.client.Call(ctx, &pulumirpc.CallRequest{Tok: "kubernetes:x:y/z"})
	_, construct := p.client.Construct(ctx, &pulumirpc.ConstructRequest{Type: "kubernetes:helm.sh/v4:Chart"})
	patch := p.resource("kubernetes:core/v1:ConfigMapPatch")
	_, patched := p.client.Check(ctx, &pulumirpc.CheckRequest{
		Urn: patch.urn, News: patch.wire(props(map[string]any{"apiVersion": "v1", "kind": "ConfigMap"})),
	})
	_, component := p.client.Check(ctx, &pulumirpc.CheckRequest{Urn: p.resource("kubernetes:yaml/v2:ConfigFile").urn})
	for _, err := range []error{invoke, call, construct, patched, component} {
		fails(t, err, "unsupported in the sandbox's stand-in", "use the official plugin")
	}
	_, handshake := p.client.Handshake(ctx, &pulumirpc.ProviderHandshakeRequest{})
	if status.Code(handshake) != codes.Unimplemented { // with another answer the engine gives up
		t.Errorf("handshake: %v", handshake)
	}
	checked, err := p.client.CheckConfig(ctx, &pulumirpc.CheckRequest{
		News: patch.wire(props(map[string]any{"renderYamlToDirectory": "d", "enableServerSideApply": "false"})),
	})
	must(t, err)
	if len(checked.GetFailures()) != 2 {
		t.Errorf("failures %v", checked.GetFailures())
	}
}
