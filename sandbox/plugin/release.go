package main

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"helm.sh/helm/v3/pkg/action"
)

// defaultReleaseTimeout is Helm's own, in seconds.
const defaultReleaseTimeout = 300

// checkRelease completes a release's inputs: name, namespace, time-out, merged values, pinned chart.
func (p *provider) checkRelease(req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	news, err := unmarshalRelease(req.GetNews())
	if err != nil {
		return nil, err
	}
	olds, err := unmarshalRelease(req.GetOlds())
	if err != nil {
		return nil, err
	}
	delete(news, "compat")
	delete(news, "resourceNames")
	if err := p.releaseDefaults(news, olds, req); err != nil {
		return nil, err
	}
	var failures []*pulumirpc.CheckFailure
	if err := mergeValueFiles(news); err != nil {
		failures = append(failures, &pulumirpc.CheckFailure{Property: "valueYamlFiles", Reason: err.Error()})
	}
	if err := p.settings.pin(news); err != nil {
		failures = append(failures, &pulumirpc.CheckFailure{Property: "chart",
			Reason: fmt.Sprintf("%v; check the chart's name, version and repository", err)})
	}
	inputs, err := marshalRelease(news)
	return &pulumirpc.CheckResponse{Inputs: inputs, Failures: failures}, err
}

func (p *provider) releaseDefaults(news, olds resource.PropertyMap, req *pulumirpc.CheckRequest) error {
	if name, ok := news["name"]; !ok || (!name.ContainsUnknowns() && text(name) == "") {
		news["name"] = olds["name"]
		if text(olds["name"]) == "" {
			name, err := newName(req)
			if err != nil {
				return err
			}
			news["name"] = resource.NewStringProperty(name)
		}
	}
	if namespace, ok := news["namespace"]; !ok || (!namespace.ContainsUnknowns() && text(namespace) == "") {
		news["namespace"] = resource.NewStringProperty(p.cluster.namespace)
	}
	if _, ok := news["timeout"]; !ok && !isTrue(news["skipAwait"]) {
		news["timeout"] = resource.NewNumberProperty(defaultReleaseTimeout)
	}
	return nil
}

// diffRelease compares inputs, of which a refresh has brought values and version to what is live.
func diffRelease(req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	olds, err := unmarshalRelease(req.GetOlds())
	if err != nil {
		return nil, err
	}
	news, err := unmarshalRelease(req.GetNews())
	if err != nil {
		return nil, err
	}
	before, after := plain(recordedInputs(olds)), plain(news)
	for _, side := range []map[string]any{before, after} {
		delete(side, "resourceNames") // other versions of the plugin record it as an input
		if _, ok := side["values"]; !ok {
			side["values"] = map[string]any{}
		}
	}
	for _, computed := range []string{"checksum", "version"} {
		_, had := before[computed]
		_, has := after[computed]
		if !had && computed == "checksum" || !has && news.ContainsUnknowns() {
			delete(before, computed)
			delete(after, computed)
		}
	}
	comparison, err := newComparison([]string{"name", "namespace"}, req.GetIgnoreChanges())
	if err != nil {
		return nil, err
	}
	comparison.compare(nil, before, after)
	for _, diff := range comparison.diffs {
		diff.InputDiff = true
	}
	return comparison.response(false), nil
}

func (p *provider) deleteRelease(req *pulumirpc.DeleteRequest) error {
	olds, err := unmarshalRelease(req.GetProperties())
	if err != nil {
		return err
	}
	var args releaseArgs
	if err := decode(recordedInputs(olds), &args); err != nil {
		return err
	}
	namespace, name, _ := strings.Cut(req.GetId(), "/")
	config, err := p.helm(namespace)
	if err != nil {
		return err
	}
	uninstall := action.NewUninstall(config)
	uninstall.IgnoreNotFound = true
	uninstall.Wait, uninstall.Timeout = args.Atomic || !args.SkipAwait, args.timeout()
	if _, err := uninstall.Run(name); err != nil {
		return fmt.Errorf("the Helm release %s was not removed: %w", req.GetId(), err)
	}
	return nil
}
