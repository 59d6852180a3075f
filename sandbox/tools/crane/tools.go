//go:build tools

// Package tools pins the version of crane.
package tools

import (
	_ "github.com/google/go-containerregistry/cmd/crane"
)
