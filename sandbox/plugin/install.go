package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/postrender"
	"helm.sh/helm/v3/pkg/release"
	"helm.sh/helm/v3/pkg/storage/driver"
)

// createRelease installs the chart. A preview touches no cluster: what the release will be is not known before.
func (p *provider) createRelease(ctx context.Context, req *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	inputs, err := unmarshalRelease(req.GetProperties())
	if err != nil {
		return nil, err
	}
	if req.GetPreview() {
		state, err := marshalRelease(previewed(inputs))
		return &pulumirpc.CreateResponse{Properties: state}, err
	}
	var args releaseArgs
	if err := decode(inputs, &args); err != nil {
		return nil, err
	}
	installed, failure := p.install(ctx, args)
	if installed == nil {
		return nil, fmt.Errorf("the Helm release %s was not installed: %w", args.id(), failure)
	}
	state, err := marshalRelease(releaseState(inputs, installed))
	if err != nil {
		return nil, err
	}
	if failure != nil {
		p.log(ctx, pulumirpc.LogSeverity_WARNING, req.GetUrn(), fmt.Sprintf("The Helm release %s is there, but its "+
			"installation failed. Look into it with helm and kubectl, then run pulumi up again.", args.id()))
		return nil, partialError(args.id(), fmt.Errorf("the Helm release %s was created, but failed: %w", args.id(), failure),
			made{state: state})
	}
	return &pulumirpc.CreateResponse{Id: args.id(), Properties: state}, nil
}

// install gives the recorded release, with the failure that it ended in. Without a record there is nothing in the
// cluster: Helm refused, or took back what it had begun (atomic).
func (p *provider) install(ctx context.Context, args releaseArgs) (*release.Release, error) {
	chart, err := p.settings.loadChart(args.chartArgs)
	if err != nil {
		return nil, err
	}
	config, err := p.helm(args.Namespace)
	if err != nil {
		return nil, err
	}
	install := action.NewInstall(config)
	install.ReleaseName, install.Namespace = args.Name, args.Namespace
	install.CreateNamespace, install.Replace = args.CreateNamespace, args.Replace
	install.Atomic, install.Wait, install.WaitForJobs = args.Atomic, !args.SkipAwait, !args.SkipAwait && args.WaitForJobs
	install.Timeout, install.Devel, install.Description = args.timeout(), args.Devel, args.Description
	install.DisableHooks, install.SkipCRDs = args.DisableWebhooks, args.SkipCrds
	install.DisableOpenAPIValidation, install.SubNotes = args.DisableOpenapiValidation, args.RenderSubchartNotes
	if install.PostRenderer, err = args.postRenderer(); err != nil {
		return nil, err
	}
	installed, err := install.RunWithContext(ctx, chart, args.values())
	if err == nil || installed == nil {
		return installed, err
	}
	if errors.Is(err, driver.ErrReleaseExists) {
		return nil, err // somebody else's, begun at the same moment
	}
	recorded, lookup := config.Releases.Last(args.Name)
	if lookup != nil {
		return nil, err
	}
	return recorded, err
}

// updateRelease upgrades the release, also one whose installation failed.
func (p *provider) updateRelease(ctx context.Context, req *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	inputs, err := unmarshalRelease(req.GetNews())
	if err != nil {
		return nil, err
	}
	if req.GetPreview() {
		state, err := marshalRelease(previewed(inputs))
		return &pulumirpc.UpdateResponse{Properties: state}, err
	}
	var args releaseArgs
	if err := decode(inputs, &args); err != nil {
		return nil, err
	}
	upgraded, failure := p.upgrade(ctx, args)
	if upgraded == nil {
		return nil, fmt.Errorf("the Helm release %s was not upgraded: %w", args.id(), failure)
	}
	state, err := marshalRelease(releaseState(inputs, upgraded))
	if err != nil {
		return nil, err
	}
	if failure != nil {
		return nil, partialError(args.id(), fmt.Errorf("the upgrade of the Helm release %s failed: %w", args.id(), failure),
			made{state: state})
	}
	return &pulumirpc.UpdateResponse{Properties: state}, nil
}

func (p *provider) upgrade(ctx context.Context, args releaseArgs) (*release.Release, error) {
	chart, err := p.settings.loadChart(args.chartArgs)
	if err != nil {
		return nil, err
	}
	config, err := p.helm(args.Namespace)
	if err != nil {
		return nil, err
	}
	upgrade := action.NewUpgrade(config)
	upgrade.Namespace, upgrade.MaxHistory, upgrade.Description = args.Namespace, args.MaxHistory, args.Description
	upgrade.Atomic, upgrade.CleanupOnFail, upgrade.Force = args.Atomic, args.CleanupOnFail, args.ForceUpdate
	upgrade.Wait, upgrade.WaitForJobs = !args.SkipAwait, !args.SkipAwait && args.WaitForJobs
	upgrade.Timeout, upgrade.Devel, upgrade.Recreate = args.timeout(), args.Devel, args.RecreatePods
	upgrade.ResetValues, upgrade.ReuseValues = args.ResetValues, args.ReuseValues
	upgrade.DisableHooks, upgrade.SkipCRDs = args.DisableCRDHooks, args.SkipCrds // the official plugin's choice of option
	upgrade.DisableOpenAPIValidation, upgrade.SubNotes = args.DisableOpenapiValidation, args.RenderSubchartNotes
	if upgrade.PostRenderer, err = args.postRenderer(); err != nil {
		return nil, err
	}
	// Helm takes no values at all for "as before", here as in the official plugin.
	upgraded, err := upgrade.RunWithContext(ctx, args.Name, chart, args.values())
	if err == nil || upgraded == nil {
		return upgraded, err
	}
	if recorded, lookup := config.Releases.Last(args.Name); lookup == nil {
		upgraded = recorded // after an atomic upgrade's way back this is another revision
	}
	return upgraded, err
}

func (a releaseArgs) id() string { return a.Namespace + "/" + a.Name }

func (a releaseArgs) timeout() time.Duration {
	if a.Timeout == 0 {
		return defaultReleaseTimeout * time.Second
	}
	return time.Duration(a.Timeout) * time.Second
}

func (a releaseArgs) values() map[string]any {
	if a.Values == nil {
		return map[string]any{}
	}
	return a.Values
}

func (a releaseArgs) postRenderer() (postrender.PostRenderer, error) {
	if a.Postrender == "" {
		return nil, nil
	}
	return postrender.NewExec(a.Postrender)
}
