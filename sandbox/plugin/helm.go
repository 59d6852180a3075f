package main

import (
	"fmt"
	"sort"

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/releaseutil"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/yaml"
)

// helm configures Helm's actions for one namespace. Its log is dropped: values may be in it.
func (p *provider) helm(namespace string) (*action.Configuration, error) {
	config := new(action.Configuration)
	connection := connection{cluster: p.cluster, namespace: namespace}
	err := config.Init(connection, namespace, p.settings.helmDriver, func(string, ...any) {})
	return config, err
}

// connection lends the provider's clients to Helm.
type connection struct {
	cluster   *cluster
	namespace string
}

func (c connection) ToRESTConfig() (*rest.Config, error) {
	return rest.CopyConfig(c.cluster.config), nil
}

func (c connection) ToDiscoveryClient() (discovery.CachedDiscoveryInterface, error) {
	return c.cluster.discovery, nil
}

func (c connection) ToRESTMapper() (meta.RESTMapper, error) {
	return c.cluster.mapper, nil
}

func (c connection) ToRawKubeConfigLoader() clientcmd.ClientConfig {
	return c.cluster.loader(c.namespace)
}

// resourceNames lists what a manifest makes, by "<Kind>.<group>/<version>".
func resourceNames(manifest string) map[string]any {
	names := map[string][]string{}
	for _, document := range releaseutil.SplitManifests(manifest) {
		object := &unstructured.Unstructured{}
		if yaml.Unmarshal([]byte(document), &object.Object) != nil || object.GetKind() == "" {
			continue
		}
		kind := object.GroupVersionKind()
		key := fmt.Sprintf("%s/%s", kind.GroupKind(), kind.GroupVersion())
		names[key] = append(names[key], id(object))
	}
	listed := map[string]any{}
	for key, objects := range names {
		sort.Strings(objects)
		list := make([]any, len(objects))
		for i, object := range objects {
			list[i] = object
		}
		listed[key] = list
	}
	return listed
}
