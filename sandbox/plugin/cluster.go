package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// probeTimeout bounds the first call to the cluster, so that an unreachable one is told soon.
const probeTimeout = 15 * time.Second

// target names a cluster: a kubeconfig (a path or its content, empty for client-go's own rules) and overrides.
type target struct {
	kubeconfig, context, cluster, namespace string
}

// cluster is the connection to one Kubernetes cluster, or the reason why there is none.
type cluster struct {
	target     target
	kubeconfig *clientcmdapi.Config
	config     *rest.Config
	namespace  string
	dynamic    dynamic.Interface
	discovery  discovery.CachedDiscoveryInterface
	mapper     *restmapper.DeferredDiscoveryRESTMapper
	failure    error
}

// connect never fails; a cluster that cannot be used says so in reachable.
func connect(target target, client kubeClientSettings) *cluster {
	c := &cluster{target: target, namespace: "default"}
	c.failure = c.connect(client)
	return c
}

func (c *cluster) connect(client kubeClientSettings) error {
	var err error
	if c.target.kubeconfig != "" {
		if c.kubeconfig, err = parseKubeconfig(c.target.kubeconfig); err != nil {
			return err
		}
	}
	loader := c.loader(c.target.namespace)
	if namespace, _, err := loader.Namespace(); err == nil {
		c.namespace = namespace
	}
	if c.config, err = loader.ClientConfig(); err != nil {
		return fmt.Errorf("cannot use the kubeconfig: %w", err)
	}
	c.config.Burst, c.config.QPS = client.Burst, client.QPS
	c.config.Timeout = time.Duration(client.Timeout) * time.Second
	c.config.WarningHandler = rest.NoWarnings{}
	c.config.UserAgent = "pulumi-kubernetes/" + version + " (sandbox stand-in)"
	if err := probe(c.config); err != nil {
		return fmt.Errorf("cannot load the list of APIs from the API server: %w", err)
	}
	return c.makeClients()
}

func (c *cluster) makeClients() error {
	client, err := discovery.NewDiscoveryClientForConfig(c.config)
	if err != nil {
		return err
	}
	c.discovery = memory.NewMemCacheClient(client)
	c.mapper = restmapper.NewDeferredDiscoveryRESTMapper(c.discovery)
	c.dynamic, err = dynamic.NewForConfig(c.config)
	return err
}

// probe asks for something that needs valid credentials, which the version does not.
func probe(config *rest.Config) error {
	config = rest.CopyConfig(config)
	if config.Timeout == 0 {
		config.Timeout = probeTimeout
	}
	client, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return err
	}
	_, err = client.ServerGroups()
	return err
}

// reachable is nil, or the error that every operation on the cluster ends with.
func (c *cluster) reachable() error {
	if c == nil {
		return errors.New("configured Kubernetes cluster is unreachable: the provider was not configured")
	}
	if c.failure != nil {
		return fmt.Errorf("configured Kubernetes cluster is unreachable: %w", c.failure)
	}
	return nil
}

// loader gives client-go's view of the kubeconfig with the provider's overrides and a default namespace.
func (c *cluster) loader(namespace string) clientcmd.ClientConfig {
	overrides := &clientcmd.ConfigOverrides{
		CurrentContext: c.target.context,
		Context:        clientcmdapi.Context{Cluster: c.target.cluster, Namespace: namespace},
	}
	if c.kubeconfig != nil {
		return clientcmd.NewDefaultClientConfig(*c.kubeconfig, overrides)
	}
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	return clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, overrides)
}

// mapping finds the resource behind a kind. A kind that the server does not know is a NoMatch error.
func (c *cluster) mapping(kind schema.GroupVersionKind) (*meta.RESTMapping, error) {
	if err := c.reachable(); err != nil {
		return nil, err
	}
	return c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
}

// objects is the client for the kind and namespace of the object.
func (c *cluster) objects(object *unstructured.Unstructured) (dynamic.ResourceInterface, error) {
	mapping, err := c.mapping(object.GroupVersionKind())
	if err != nil {
		return nil, err
	}
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		return c.dynamic.Resource(mapping.Resource).Namespace(first(object.GetNamespace(), c.namespace)), nil
	}
	return c.dynamic.Resource(mapping.Resource), nil
}

// namespaced tells whether objects of the kind live in a namespace. A kind that nobody knows yet, a custom resource
// before its definition, is taken for namespaced as the official plugin does.
func (c *cluster) namespaced(kind schema.GroupVersionKind) (bool, error) {
	mapping, err := c.mapping(kind)
	if err == nil {
		return mapping.Scope.Name() == meta.RESTScopeNameNamespace, nil
	}
	if meta.IsNoMatchError(err) || c.reachable() != nil {
		return !clusterScoped[kind.Kind], nil
	}
	return false, fmt.Errorf("cannot find out whether %s is namespaced: %w", kind, err)
}

// clusterScoped is only asked when the cluster cannot be.
var clusterScoped = map[string]bool{
	"Namespace": true, "Node": true, "PersistentVolume": true, "ClusterRole": true, "ClusterRoleBinding": true,
	"CustomResourceDefinition": true, "StorageClass": true, "PriorityClass": true, "IngressClass": true,
	"RuntimeClass": true, "APIService": true, "ValidatingWebhookConfiguration": true,
	"MutatingWebhookConfiguration": true,
}

// parseKubeconfig takes a path or the content. The content holds credentials, so an error never repeats it.
func parseKubeconfig(pathOrContent string) (*clientcmdapi.Config, error) {
	path := pathOrContent
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			path = filepath.Join(home, rest)
		}
	}
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		config, err := clientcmd.LoadFromFile(path)
		if err != nil {
			return nil, fmt.Errorf("cannot read the kubeconfig %s: %w", path, err)
		}
		return config, clientcmd.ResolveLocalPaths(config)
	}
	if !strings.ContainsAny(pathOrContent, "{\n") {
		return nil, fmt.Errorf("there is no kubeconfig file %q", path)
	}
	config, err := clientcmd.Load([]byte(pathOrContent))
	if err != nil {
		return nil, errors.New("the kubeconfig is neither a file's path nor a valid kubeconfig")
	}
	return config, nil
}

// activeCluster is the cluster entry that a provider's arguments choose, nil if that cannot be told.
func activeCluster(settings resource.PropertyMap) *clientcmdapi.Cluster {
	kubeconfig := text(settings["kubeconfig"])
	if kubeconfig == "" {
		return nil
	}
	config, err := parseKubeconfig(kubeconfig)
	if err != nil {
		return nil
	}
	name := text(settings["cluster"])
	if chosen, ok := config.Contexts[first(text(settings["context"]), config.CurrentContext)]; ok && name == "" {
		name = chosen.Cluster
	}
	entry, ok := config.Clusters[name]
	if !ok {
		return nil
	}
	entry = entry.DeepCopy()
	entry.LocationOfOrigin = "" // moving the file does not make it another cluster
	return entry
}
