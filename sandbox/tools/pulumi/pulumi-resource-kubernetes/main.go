// Command pulumi-resource-kubernetes is Pulumi's official Kubernetes provider, from its published module. The module's own
// main embeds a schema that its release build generates; this one embeds schema.json, copied from the module by the build.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

//go:embed schema.json
var schema []byte

func main() { provider.Serve("kubernetes", version.Version, schema, []byte("{}")) }
