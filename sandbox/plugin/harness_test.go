package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// engine is the other side of the protocol, as far as the plugin talks to it.
type engine struct {
	pulumirpc.UnimplementedEngineServer
	mutex sync.Mutex
	lines []string
}

func (e *engine) Log(_ context.Context, req *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.lines = append(e.lines, req.GetMessage())
	return &emptypb.Empty{}, nil
}

func (e *engine) logged() []string {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return append([]string(nil), e.lines...)
}

// running is a configured plugin with a client for its protocol.
type running struct {
	t        *testing.T
	client   pulumirpc.ResourceProviderClient
	provider *provider
	engine   *engine
}

// configured starts a plugin against the cluster of $KUBECONFIG.
func configured(t *testing.T, options map[string]string) *running {
	t.Helper()
	kubeconfig := os.Getenv("KUBECONFIG")
	if kubeconfig == "" {
		t.Skip("KUBECONFIG is not set: these tests need an API server, for instance the sandbox's")
	}
	all := map[string]string{"kubeconfig": kubeconfig}
	for option, value := range options {
		all[option] = value
	}
	p := started(t)
	p.configure(all)
	if err := p.provider.cluster.reachable(); err != nil && options["kubeconfig"] == "" {
		t.Fatal(err)
	}
	return p
}

func started(t *testing.T) *running {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	log, server := &engine{}, grpc.NewServer()
	pulumirpc.RegisterEngineServer(server, log)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)

	p, cancel := newProvider(), make(chan bool)
	must(t, p.connectEngine(listener.Addr().String()))
	served, err := serve(p, cancel)
	must(t, err)
	t.Cleanup(func() { close(cancel); <-served.Done })
	connection, err := grpc.NewClient(fmt.Sprintf("127.0.0.1:%d", served.Port),
		grpc.WithTransportCredentials(insecure.NewCredentials()), rpcutil.GrpcChannelOptions())
	must(t, err)
	t.Cleanup(func() { _ = connection.Close() })
	return &running{t: t, client: pulumirpc.NewResourceProviderClient(connection), provider: p, engine: log}
}

func (p *running) configure(options map[string]string) {
	p.t.Helper()
	variables := map[string]string{}
	for option, value := range options {
		variables["kubernetes:config:"+option] = value
	}
	_, err := p.client.Configure(p.t.Context(),
		&pulumirpc.ConfigureRequest{Variables: variables, AcceptSecrets: true})
	must(p.t, err)
}

// namespace makes one for the test and removes it afterwards.
func (p *running) namespace() string {
	p.t.Helper()
	name, err := resource.NewUniqueHex("plugin-test-", 8, 0)
	must(p.t, err)
	namespace := object("v1", "Namespace", "", name, nil)
	p.apply(namespace)
	p.t.Cleanup(func() {
		client, err := p.provider.cluster.objects(namespace)
		must(p.t, err)
		must(p.t, client.Delete(context.Background(), name, metav1.DeleteOptions{}))
	})
	return name
}

// apply makes an object past the plugin, as another program would.
func (p *running) apply(object *unstructured.Unstructured) *unstructured.Unstructured {
	p.t.Helper()
	client, err := p.provider.cluster.objects(object)
	must(p.t, err)
	live, err := client.Apply(p.t.Context(), object.GetName(), object,
		metav1.ApplyOptions{FieldManager: "somebody-else", Force: true})
	must(p.t, err)
	return live
}

// live gets an object past the plugin, nil if there is none.
func (p *running) live(apiVersion, kind, namespace, name string) *unstructured.Unstructured {
	p.t.Helper()
	found, err := p.provider.get(p.t.Context(), object(apiVersion, kind, namespace, name, nil))
	if apierrors.IsNotFound(err) {
		return nil
	}
	must(p.t, err)
	return found
}

func object(apiVersion, kind, namespace, name string, fields map[string]any) *unstructured.Unstructured {
	made := &unstructured.Unstructured{Object: map[string]any{}}
	for key, value := range fields {
		made.Object[key] = value
	}
	made.SetAPIVersion(apiVersion)
	made.SetKind(kind)
	made.SetName(name)
	if namespace != "" {
		made.SetNamespace(namespace)
	}
	return made
}

// one is a resource of a program: its type and what the engine remembers about it.
type one struct {
	p      *running
	urn    string
	id     string
	state  *structpb.Struct
	inputs *structpb.Struct
}

func (p *running) resource(kind string) *one {
	return &one{p: p, urn: "urn:pulumi:test::test::" + kind + "::thing"}
}

func (r *one) check(news resource.PropertyMap) *structpb.Struct {
	r.p.t.Helper()
	checked, err := r.p.client.Check(r.p.t.Context(), &pulumirpc.CheckRequest{
		Urn: r.urn, News: r.wire(news), Olds: r.inputs, RandomSeed: []byte(r.p.t.Name()),
	})
	must(r.p.t, err)
	if len(checked.GetFailures()) > 0 {
		r.p.t.Fatalf("Check failed: %v", checked.GetFailures())
	}
	return checked.GetInputs()
}

func (r *one) wire(properties resource.PropertyMap) *structpb.Struct {
	r.p.t.Helper()
	marshalled, err := sdk.MarshalProperties(properties, sdk.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
	must(r.p.t, err)
	return marshalled
}

func (r *one) preview(news resource.PropertyMap) (resource.PropertyMap, error) {
	r.p.t.Helper()
	inputs := r.check(news)
	if r.id == "" {
		created, err := r.p.client.Create(r.p.t.Context(),
			&pulumirpc.CreateRequest{Urn: r.urn, Properties: inputs, Preview: true})
		if err == nil && created.GetId() != "" {
			r.p.t.Errorf("a preview gave the ID %q", created.GetId())
		}
		return r.read(created.GetProperties()), err
	}
	updated, err := r.p.client.Update(r.p.t.Context(), &pulumirpc.UpdateRequest{
		Urn: r.urn, Id: r.id, Olds: r.state, OldInputs: r.inputs, News: inputs, Preview: true,
	})
	return r.read(updated.GetProperties()), err
}

func (r *one) read(properties *structpb.Struct) resource.PropertyMap {
	r.p.t.Helper()
	unmarshalled, err := unmarshal(properties)
	must(r.p.t, err)
	return unmarshalled
}

// up does what the engine does with a resource: check, then create or update.
func (r *one) up(news resource.PropertyMap) error {
	r.p.t.Helper()
	inputs := r.check(news)
	if r.id == "" {
		created, err := r.p.client.Create(r.p.t.Context(), &pulumirpc.CreateRequest{Urn: r.urn, Properties: inputs})
		return r.keep(created.GetId(), created.GetProperties(), inputs, err)
	}
	updated, err := r.p.client.Update(r.p.t.Context(), &pulumirpc.UpdateRequest{
		Urn: r.urn, Id: r.id, Olds: r.state, OldInputs: r.inputs, News: inputs,
	})
	return r.keep(r.id, updated.GetProperties(), inputs, err)
}

// keep remembers the state, that of a partial failure too.
func (r *one) keep(id string, state, inputs *structpb.Struct, err error) error {
	if partial := partialFailure(err); partial != nil {
		id, state = partial.GetId(), partial.GetProperties()
		if partial.GetInputs() != nil {
			inputs = partial.GetInputs()
		}
	} else if err != nil {
		return err
	}
	r.id, r.state, r.inputs = id, state, inputs
	return err
}

func partialFailure(err error) *pulumirpc.ErrorResourceInitFailed {
	for _, detail := range status.Convert(err).Details() {
		if partial, ok := detail.(*pulumirpc.ErrorResourceInitFailed); ok {
			return partial
		}
	}
	return nil
}

func (r *one) diff(news resource.PropertyMap, ignored ...string) *pulumirpc.DiffResponse {
	r.p.t.Helper()
	diff, err := r.p.client.Diff(r.p.t.Context(), &pulumirpc.DiffRequest{
		Urn: r.urn, Id: r.id, Olds: r.state, OldInputs: r.inputs, News: r.check(news), IgnoreChanges: ignored,
	})
	must(r.p.t, err)
	return diff
}

func (r *one) hasNoDiff(news resource.PropertyMap) {
	r.p.t.Helper()
	if diff := r.diff(news); diff.GetChanges() != pulumirpc.DiffResponse_DIFF_NONE {
		r.p.t.Errorf("unchanged inputs show a difference: %v", diff.GetDetailedDiff())
	}
}

// refresh reads the resource as pulumi refresh does.
func (r *one) refresh() error {
	r.p.t.Helper()
	response, err := r.p.client.Read(r.p.t.Context(),
		&pulumirpc.ReadRequest{Urn: r.urn, Id: r.id, Properties: r.state, Inputs: r.inputs})
	return r.keep(response.GetId(), response.GetProperties(), response.GetInputs(), err)
}

// fetch reads the resource as a get or an import does: with an ID alone.
func (r *one) fetch(id string) resource.PropertyMap {
	r.p.t.Helper()
	response, err := r.p.client.Read(r.p.t.Context(), &pulumirpc.ReadRequest{Urn: r.urn, Id: id})
	must(r.p.t, r.keep(response.GetId(), response.GetProperties(), response.GetInputs(), err))
	return r.read(response.GetProperties())
}

func (r *one) delete() error {
	r.p.t.Helper()
	_, err := r.p.client.Delete(r.p.t.Context(),
		&pulumirpc.DeleteRequest{Urn: r.urn, Id: r.id, Properties: r.state, OldInputs: r.inputs, Timeout: 60})
	return err
}

// props reads nested maps, with secret and unknown values in them, into properties.
func props(m map[string]any) resource.PropertyMap { return resource.NewPropertyMapFromMap(m) }

func secret(value any) resource.PropertyValue {
	return resource.MakeSecret(resource.NewPropertyValue(value))
}

func unknown() resource.PropertyValue { return resource.MakeComputed(resource.NewStringProperty("")) }

func metadata(namespace, name string) map[string]any {
	return map[string]any{"namespace": namespace, "name": name}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fails wants an error with all of the parts in it.
func fails(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, expected one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error lacks %q: %v", part, err)
		}
	}
}

// hides wants no trace of the text in what the engine would write down in plain.
func hides(t *testing.T, properties resource.PropertyMap, text string) {
	t.Helper()
	shown := resource.NewObjectProperty(properties).RedactSecrets()
	if strings.Contains(shown, text) {
		t.Errorf("%q is in plain in %s", text, shown)
	}
}
