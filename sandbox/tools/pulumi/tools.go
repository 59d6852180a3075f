//go:build tools

// Package tools pins the Pulumi command line, its Java language host and Helm.
package tools

import (
	_ "github.com/pulumi/pulumi-java/pkg/cmd/pulumi-language-java"
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
	_ "helm.sh/helm/v3/cmd/helm"
)
