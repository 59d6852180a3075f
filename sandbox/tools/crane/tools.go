//go:build tools

// Package tools pins the registry and image tool.
package tools

import (
	_ "github.com/google/go-containerregistry/cmd/crane"
)
