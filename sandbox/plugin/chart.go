package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"sort"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/downloader"
	"helm.sh/helm/v3/pkg/getter"
	"helm.sh/helm/v3/pkg/registry"
	"helm.sh/helm/v3/pkg/repo"
	"sigs.k8s.io/yaml"
)

// releaseArgs are the inputs of a Release, under the official plugin's names.
type releaseArgs struct {
	chartArgs
	Atomic                   bool           `json:"atomic"`
	CleanupOnFail            bool           `json:"cleanupOnFail"`
	CreateNamespace          bool           `json:"createNamespace"`
	Description              string         `json:"description"`
	DisableCRDHooks          bool           `json:"disableCRDHooks"`
	DisableOpenapiValidation bool           `json:"disableOpenapiValidation"`
	DisableWebhooks          bool           `json:"disableWebhooks"`
	ForceUpdate              bool           `json:"forceUpdate"`
	MaxHistory               int            `json:"maxHistory"`
	Name                     string         `json:"name"`
	Namespace                string         `json:"namespace"`
	Postrender               string         `json:"postrender"`
	RecreatePods             bool           `json:"recreatePods"`
	RenderSubchartNotes      bool           `json:"renderSubchartNotes"`
	Replace                  bool           `json:"replace"`
	ResetValues              bool           `json:"resetValues"`
	ReuseValues              bool           `json:"reuseValues"`
	SkipAwait                bool           `json:"skipAwait"`
	SkipCrds                 bool           `json:"skipCrds"`
	Timeout                  int            `json:"timeout"`
	Values                   map[string]any `json:"values"`
	WaitForJobs              bool           `json:"waitForJobs"`
}

// chartArgs are the inputs that say where the chart comes from.
type chartArgs struct {
	Chart            string         `json:"chart"`
	DependencyUpdate bool           `json:"dependencyUpdate"`
	Devel            bool           `json:"devel"`
	Keyring          string         `json:"keyring"`
	RepositoryOpts   repositoryOpts `json:"repositoryOpts"`
	Verify           bool           `json:"verify"`
	Version          string         `json:"version"`
}

type repositoryOpts struct {
	Repo     string `json:"repo"`
	CAFile   string `json:"caFile"`
	CertFile string `json:"certFile"`
	KeyFile  string `json:"keyFile"`
	Username string `json:"username"`
	Password string `json:"password"`
}

// decode reads known inputs into the arguments. Its errors name fields and types, never values.
func decode(inputs resource.PropertyMap, args any) error {
	raw, err := json.Marshal(plain(inputs))
	if err != nil {
		return fmt.Errorf("the release's inputs: %w", err)
	}
	if err := json.Unmarshal(raw, args); err != nil {
		return fmt.Errorf("the release's inputs: %w", err)
	}
	return nil
}

// pin resolves the chart to what it is today: its version, and a checksum over its files. With the checksum an edit of
// a local chart shows as a change although its version stays. Nothing is pinned while the chart is not known yet.
func (s settings) pin(inputs resource.PropertyMap) error {
	source := resource.PropertyMap{}
	for _, key := range []resource.PropertyKey{
		"chart", "dependencyUpdate", "devel", "keyring", "repositoryOpts", "verify", "version",
	} {
		if value, ok := inputs[key]; ok {
			source[key] = value
		}
	}
	if source.ContainsUnknowns() {
		return nil
	}
	var args chartArgs
	if err := decode(source, &args); err != nil {
		return err
	}
	loaded, err := s.loadChart(args)
	if err != nil {
		return err
	}
	inputs["version"] = resource.NewStringProperty(loaded.Metadata.Version)
	inputs["checksum"] = resource.NewStringProperty(checksum(loaded))
	return nil
}

// checksum covers every file of the chart and of its subcharts, the templates as they are: what they render may differ
// from call to call.
func checksum(chart *chart.Chart) string {
	files := chart.Raw
	sort.Slice(files, func(i, j int) bool { return files[i].Name < files[j].Name })
	sum := sha256.New()
	for _, file := range files {
		fmt.Fprintf(sum, "%s %d\n", file.Name, len(file.Data))
		sum.Write(file.Data)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// loadChart takes a chart from a folder or archive here, from a repository, or from an OCI registry.
func (s settings) loadChart(args chartArgs) (*chart.Chart, error) {
	if args.Chart == "" {
		return nil, fmt.Errorf("the release names no chart")
	}
	client, err := s.registryClient(args.RepositoryOpts)
	if err != nil {
		return nil, err
	}
	path, err := s.locateChart(args, client)
	if err != nil {
		return nil, err
	}
	loaded, err := loader.Load(path)
	if err != nil {
		return nil, err
	}
	if kind := loaded.Metadata.Type; kind != "" && kind != "application" {
		return nil, fmt.Errorf("chart %s is of the type %s, which cannot be installed", loaded.Name(), kind)
	}
	err = action.CheckDependencies(loaded, loaded.Metadata.Dependencies)
	if err == nil || !args.DependencyUpdate {
		return loaded, err
	}
	manager := downloader.Manager{
		Out: io.Discard, ChartPath: path, Keyring: args.Keyring, Getters: getter.All(s.helm), RegistryClient: client,
		RepositoryConfig: s.helm.RepositoryConfig, RepositoryCache: s.helm.RepositoryCache,
	}
	if err := manager.Update(); err != nil {
		return nil, err
	}
	return loader.Load(path)
}

func (s settings) registryClient(opts repositoryOpts) (*registry.Client, error) {
	options := []registry.ClientOption{
		registry.ClientOptCredentialsFile(s.helm.RegistryConfig), registry.ClientOptWriter(io.Discard),
	}
	if opts.Username != "" {
		options = append(options, registry.ClientOptBasicAuth(opts.Username, opts.Password))
	}
	return registry.NewClient(options...)
}

// locateChart downloads unless the chart is here. A repository that is named wins over a folder that happens to have
// the chart's name.
func (s settings) locateChart(args chartArgs, client *registry.Client) (string, error) {
	name, opts := strings.TrimSpace(args.Chart), args.RepositoryOpts
	install := action.NewInstall(&action.Configuration{RegistryClient: client})
	options := install.ChartPathOptions
	options.Keyring, options.Verify, options.Version = args.Keyring, args.Verify, strings.TrimSpace(args.Version)
	options.CaFile, options.CertFile, options.KeyFile = opts.CAFile, opts.CertFile, opts.KeyFile
	options.Username, options.Password = opts.Username, opts.Password
	if options.Version == "" && args.Devel {
		options.Version = ">0.0.0-0"
	}
	switch {
	case opts.Repo == "" || registry.IsOCI(name):
		return options.LocateChart(name, s.helm)
	case registry.IsOCI(opts.Repo):
		return options.LocateChart(strings.TrimSuffix(opts.Repo, "/")+"/"+name, s.helm)
	}
	repository, err := url.ParseRequestURI(opts.Repo)
	if err != nil { // the name of a repository in Helm's own configuration
		return options.LocateChart(opts.Repo+"/"+name, s.helm)
	}
	address, err := repo.FindChartInAuthAndTLSAndPassRepoURL(opts.Repo, opts.Username, opts.Password, name,
		options.Version, opts.CertFile, opts.KeyFile, opts.CAFile, false, false, getter.All(s.helm))
	if err != nil {
		return "", err
	}
	if found, err := url.Parse(address); err != nil || found.Host != repository.Host || found.Scheme != repository.Scheme {
		options.Username, options.Password = "", "" // they are the repository's, not another host's
	}
	return options.LocateChart(address, s.helm)
}

// mergeValueFiles puts the YAML files under the values, as Helm does: later files win, then the values do, maps merge.
// One secret file makes all the values secret, since nobody can tell its parts from the rest any more.
func mergeValueFiles(inputs resource.PropertyMap) error {
	files, ok := inputs["valueYamlFiles"]
	if !ok || files.ContainsUnknowns() {
		return nil
	}
	secret := files.ContainsSecrets()
	merged := resource.PropertyMap{}
	for i, file := range elements(files) {
		values, err := readValues(file)
		if err != nil {
			return fmt.Errorf("valueYamlFiles[%d]: %w", i, err)
		}
		merged = merge(merged, values)
	}
	values := resource.NewObjectProperty(merged)
	if own, ok := inputs["values"]; ok {
		values = mergeValue(values, own)
	}
	if secret && !values.IsSecret() {
		values = resource.MakeSecret(values)
	}
	inputs["values"] = values
	delete(inputs, "valueYamlFiles")
	return nil
}

func elements(list resource.PropertyValue) []resource.PropertyValue {
	if list.IsSecret() {
		return elements(list.SecretValue().Element)
	}
	if list.IsArray() {
		return list.ArrayValue()
	}
	return nil
}

// readValues never quotes the file: the YAML library's errors would.
func readValues(file resource.PropertyValue) (resource.PropertyMap, error) {
	if file.IsSecret() {
		return readValues(file.SecretValue().Element)
	}
	if !file.IsAsset() {
		return nil, fmt.Errorf("it is not a file or text asset")
	}
	content, err := file.AssetValue().Bytes()
	if err != nil {
		return nil, err
	}
	values := map[string]any{}
	if yaml.Unmarshal(content, &values) != nil {
		return nil, fmt.Errorf("%s is not YAML with a mapping at its top", first(file.AssetValue().Path, "the text"))
	}
	return resource.NewPropertyMapFromMap(values), nil
}

func merge(base, over resource.PropertyMap) resource.PropertyMap {
	merged := resource.PropertyMap{}
	for key, value := range base {
		merged[key] = value
	}
	for key, value := range over {
		if below, ok := merged[key]; ok {
			value = mergeValue(below, value)
		}
		merged[key] = value
	}
	return merged
}

func mergeValue(base, over resource.PropertyValue) resource.PropertyValue {
	switch {
	case over.IsSecret():
		return resource.MakeSecret(mergeValue(base, over.SecretValue().Element))
	case base.IsSecret() && over.IsObject():
		return resource.MakeSecret(mergeValue(base.SecretValue().Element, over))
	case base.IsObject() && over.IsObject():
		return resource.NewObjectProperty(merge(base.ObjectValue(), over.ObjectValue()))
	}
	return over
}
