package main

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

// version is that of the official plugin whose behaviour this one follows; the engine warns when a program asks for a
// newer one.
const version = "4.29.0"

const notice = "This is the sandbox's stand-in for the official Pulumi Kubernetes plugin, not the official plugin: " +
	"it serves what the deployer uses and refuses the rest. Install the official plugin to have it used instead."

const releaseType = "kubernetes:helm.sh/v3:Release"

// provider answers the engine's calls. After Configure its fields do not change, so calls may run side by side.
type provider struct {
	pulumirpc.UnimplementedResourceProviderServer

	// stopped is done once the engine cancelled the operation; guard ties every call to it.
	stopped context.Context
	stop    context.CancelFunc

	engine   pulumirpc.EngineClient
	announce sync.Once
	settings settings
	cluster  *cluster
}

func newProvider() *provider {
	stopped, stop := context.WithCancel(context.Background())
	return &provider{stopped: stopped, stop: stop}
}

// connectEngine makes log lines go to the engine at the address.
func (p *provider) connectEngine(address string) error {
	connection, err := grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()), rpcutil.GrpcChannelOptions())
	if err != nil {
		return fmt.Errorf("cannot reach the Pulumi engine at %s: %w", address, err)
	}
	p.engine = pulumirpc.NewEngineClient(connection)
	return nil
}

// log shows a line to the user. A line that cannot be delivered is dropped: the operation matters more.
func (p *provider) log(ctx context.Context, severity pulumirpc.LogSeverity, urn, message string) {
	if p.engine != nil {
		_, _ = p.engine.Log(ctx, &pulumirpc.LogRequest{Severity: severity, Urn: urn, Message: message})
	}
}

func (p *provider) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version}, nil
}

// GetSchema answers an empty schema: deploying needs none, and generating code is not the stand-in's business.
func (p *provider) GetSchema(context.Context, *pulumirpc.GetSchemaRequest) (*pulumirpc.GetSchemaResponse, error) {
	return &pulumirpc.GetSchemaResponse{Schema: "{}"}, nil
}

func (p *provider) GetMapping(context.Context, *pulumirpc.GetMappingRequest) (*pulumirpc.GetMappingResponse, error) {
	return &pulumirpc.GetMappingResponse{}, nil
}

func (p *provider) Attach(_ context.Context, req *pulumirpc.PluginAttach) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, p.connectEngine(req.GetAddress())
}

func (p *provider) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	p.stop()
	return &emptypb.Empty{}, nil
}

func (p *provider) Invoke(_ context.Context, req *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	return nil, unsupported("the function " + req.GetTok())
}

func (p *provider) Call(_ context.Context, req *pulumirpc.CallRequest) (*pulumirpc.CallResponse, error) {
	return nil, unsupported("the method " + req.GetTok())
}

func (p *provider) Construct(_ context.Context, req *pulumirpc.ConstructRequest) (*pulumirpc.ConstructResponse, error) {
	return nil, unsupported("the component " + req.GetType())
}

func (p *provider) Parameterize(
	context.Context, *pulumirpc.ParameterizeRequest,
) (*pulumirpc.ParameterizeResponse, error) {
	return nil, unsupported("parameterization")
}

func (p *provider) Check(ctx context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	if isRelease(req.GetUrn()) {
		return p.checkRelease(req)
	}
	return p.checkObject(ctx, req)
}

func (p *provider) Diff(_ context.Context, req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	if isRelease(req.GetUrn()) {
		return diffRelease(req)
	}
	return p.diffObject(req)
}

func (p *provider) Create(ctx context.Context, req *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	if !req.GetPreview() {
		if err := p.cluster.reachable(); err != nil {
			return nil, err
		}
	}
	if isRelease(req.GetUrn()) {
		return p.createRelease(ctx, req)
	}
	return p.createObject(ctx, req)
}

func (p *provider) Read(ctx context.Context, req *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	if err := p.cluster.reachable(); err != nil {
		if p.settings.deleteUnreachable {
			return &pulumirpc.ReadResponse{}, nil
		}
		if req.GetProperties() == nil { // a get or an import: there is nothing to drop
			return nil, err
		}
		return nil, fmt.Errorf("%w (if the cluster is gone for good, rerun with PULUMI_K8S_DELETE_UNREACHABLE=true "+
			"to drop its resources from the state)", err)
	}
	if isRelease(req.GetUrn()) {
		return p.readRelease(req)
	}
	return p.readObject(ctx, req)
}

func (p *provider) Update(ctx context.Context, req *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	if !req.GetPreview() {
		if err := p.cluster.reachable(); err != nil {
			return nil, err
		}
	}
	if isRelease(req.GetUrn()) {
		return p.updateRelease(ctx, req)
	}
	return p.updateObject(ctx, req)
}

func (p *provider) Delete(ctx context.Context, req *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	if err := p.cluster.reachable(); err != nil {
		if p.settings.deleteUnreachable {
			return &emptypb.Empty{}, nil
		}
		return nil, err
	}
	if isRelease(req.GetUrn()) {
		return &emptypb.Empty{}, p.deleteRelease(req)
	}
	return &emptypb.Empty{}, p.deleteObject(ctx, req)
}

func isRelease(urn string) bool {
	return resource.URN(urn).Type() == releaseType
}

func unsupported(what string) error {
	return status.Error(codes.Unimplemented, strings.TrimSpace(what)+" is unsupported in the sandbox's stand-in for "+
		"the Pulumi Kubernetes plugin; use the official plugin (pulumi plugin install resource kubernetes)")
}

// partialError tells the engine that the object exists but is not well: it keeps the given state, shows the reasons and
// updates the object in the next run. A plain error would mean that nothing was made.
func partialError(id string, cause error, made made) error {
	return withDetails(codes.Unknown, cause.Error(), &pulumirpc.ErrorResourceInitFailed{
		Id: id, Properties: made.state, Inputs: made.inputs, Reasons: []string{cause.Error()},
	})
}
