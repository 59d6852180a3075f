//go:build tools

// Package tools pins the Pulumi command line and its Java language host.
package tools

import (
	_ "github.com/pulumi/pulumi-java/pkg/cmd/pulumi-language-java"
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
)
