package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"helm.sh/helm/v3/pkg/cli"
)

// settings are the provider resource's arguments, apart from those that choose the cluster.
type settings struct {
	secretMutable     bool
	configMapMutable  bool
	deleteUnreachable bool
	helmDriver        string
	helm              *cli.EnvSettings
}

// helmReleaseSettings and kubeClientSettings have the official plugin's names.
type helmReleaseSettings struct {
	Driver               string `json:"driver"`
	PluginsPath          string `json:"pluginsPath"`
	RegistryConfigPath   string `json:"registryConfigPath"`
	RepositoryConfigPath string `json:"repositoryConfigPath"`
	RepositoryCache      string `json:"repositoryCache"`
}

type kubeClientSettings struct {
	Burst   int     `json:"burst"`
	QPS     float32 `json:"qps"`
	Timeout int     `json:"timeout"`
}

// CheckConfig refuses the modes that would make the official plugin do something else than the stand-in does.
func (p *provider) CheckConfig(_ context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	news, err := unmarshal(req.GetNews())
	if err != nil {
		return nil, err
	}
	var failures []*pulumirpc.CheckFailure
	refuse := func(property resource.PropertyKey, on bool) {
		if on {
			failures = append(failures, &pulumirpc.CheckFailure{Property: string(property), Reason: string(property) +
				" is unsupported in the sandbox's stand-in for the Pulumi Kubernetes plugin; use the official plugin"})
		}
	}
	refuse("renderYamlToDirectory", text(news["renderYamlToDirectory"]) != "")
	refuse("strictMode", text(news["strictMode"]) == "true")
	refuse("enableServerSideApply",
		text(news["enableServerSideApply"]) == "false" || same(plain(news)["enableServerSideApply"], false))
	return &pulumirpc.CheckResponse{Inputs: req.GetNews(), Failures: failures}, nil
}

// DiffConfig replaces the provider, and with it everything that it made, only when it points to another cluster. A
// clusterIdentifier decides on its own when both sides have one.
func (p *provider) DiffConfig(_ context.Context, req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	olds, err := unmarshal(req.GetOlds())
	if err != nil {
		return nil, err
	}
	news, err := unmarshal(req.GetNews())
	if err != nil {
		return nil, err
	}
	changed := olds.Diff(news)
	if changed == nil {
		return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE}, nil
	}
	response := &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_SOME}
	for _, key := range changed.ChangedKeys() {
		response.Diffs = append(response.Diffs, string(key))
	}
	response.Replaces = replacedSettings(olds, news, changed)
	return response, nil
}

func replacedSettings(olds, news resource.PropertyMap, changed *resource.ObjectDiff) []string {
	if olds.HasValue("clusterIdentifier") && news.HasValue("clusterIdentifier") {
		if changed.Changed("clusterIdentifier") {
			return []string{"clusterIdentifier"}
		}
		return nil
	}
	var keys []string
	unknown := false
	for _, key := range []resource.PropertyKey{"kubeconfig", "context", "cluster"} {
		if changed.Changed(key) {
			keys = append(keys, string(key))
			unknown = unknown || news[key].ContainsUnknowns()
		}
	}
	before, after := activeCluster(olds), activeCluster(news)
	if unknown || (before != nil && after != nil && !reflect.DeepEqual(before, after)) {
		return keys
	}
	return nil
}

// Configure never fails for a cluster that is not there: programs without one, and the removal of a cluster's
// resources from the state, must still work. The operations themselves say what is wrong with it.
func (p *provider) Configure(ctx context.Context, req *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	p.announce.Do(func() { p.log(ctx, pulumirpc.LogSeverity_INFO, "", notice) })
	option := func(name string) string { return req.GetVariables()["kubernetes:config:"+name] }
	client, err := clientSettings(option("kubeClientSettings"))
	if err != nil {
		return nil, err
	}
	p.settings = settings{
		secretMutable:     flag(option("enableSecretMutable"), "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
		configMapMutable:  flag(option("enableConfigMapMutable"), "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
		deleteUnreachable: flag(option("deleteUnreachable"), "PULUMI_K8S_DELETE_UNREACHABLE"),
	}
	if err := p.settings.configureHelm(option("helmReleaseSettings")); err != nil {
		return nil, err
	}
	p.cluster = connect(target{
		kubeconfig: option("kubeconfig"),
		context:    option("context"),
		cluster:    option("cluster"),
		namespace:  option("namespace"),
	}, client)
	return &pulumirpc.ConfigureResponse{
		AcceptSecrets: true, SupportsPreview: true, SupportsAutonamingConfiguration: true,
	}, nil
}

func clientSettings(option string) (kubeClientSettings, error) {
	client := kubeClientSettings{Burst: 120, QPS: 50}
	if option != "" {
		if err := json.Unmarshal([]byte(option), &client); err != nil {
			return client, fmt.Errorf("kubeClientSettings of the Kubernetes provider: %w", err)
		}
	}
	return client, nil
}

func (s *settings) configureHelm(option string) error {
	var release helmReleaseSettings
	if option != "" {
		if err := json.Unmarshal([]byte(option), &release); err != nil {
			return fmt.Errorf("helmReleaseSettings of the Kubernetes provider: %w", err)
		}
	}
	s.helm = cli.New()
	s.helmDriver = first(release.Driver, os.Getenv("PULUMI_K8S_HELM_DRIVER"), "secret")
	s.helm.PluginsDirectory = first(release.PluginsPath,
		os.Getenv("PULUMI_K8S_HELM_PLUGINS_PATH"), s.helm.PluginsDirectory)
	s.helm.RegistryConfig = first(release.RegistryConfigPath,
		os.Getenv("PULUMI_K8S_HELM_REGISTRY_CONFIG_PATH"), s.helm.RegistryConfig)
	s.helm.RepositoryConfig = first(release.RepositoryConfigPath,
		os.Getenv("PULUMI_K8S_HELM_REPOSITORY_CONFIG_PATH"), s.helm.RepositoryConfig)
	s.helm.RepositoryCache = first(release.RepositoryCache,
		os.Getenv("PULUMI_K8S_HELM_REPOSITORY_CACHE"), s.helm.RepositoryCache)
	return nil
}

// flag is the provider's argument or, without one, the environment's.
func flag(option, environment string) bool {
	on, _ := strconv.ParseBool(first(option, os.Getenv(environment)))
	return on
}

func first(candidates ...string) string {
	for _, candidate := range candidates {
		if candidate != "" {
			return candidate
		}
	}
	return ""
}
