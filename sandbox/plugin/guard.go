package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"sort"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/structpb"
)

// shortestSecret keeps an error readable that happens to share a letter or two with a secret.
const shortestSecret = 4

// guard surrounds every call: it ends when the engine cancels the operation, and its error, often text of the API
// server or of a chart's template, loses every secret that came with the request.
func (p *provider) guard(
	ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler,
) (any, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.stopped, cancel)()
	response, err := handler(ctx, req)
	if err != nil {
		return nil, redact(err, secretsIn(req))
	}
	return response, nil
}

// redact replaces the secrets in the error's text and in the reasons of a partial failure. The state in a partial
// failure keeps them: there they are marked as secrets, for the engine to encrypt.
func redact(err error, secrets []string) error {
	var pairs []string
	for _, secret := range secrets {
		pairs = append(pairs, secret, "[secret]")
	}
	clean := strings.NewReplacer(pairs...)
	failure, ok := status.FromError(err)
	if !ok {
		return errors.New(clean.Replace(err.Error()))
	}
	var details []protoadapt.MessageV1
	for _, detail := range failure.Details() {
		if partial, ok := detail.(*pulumirpc.ErrorResourceInitFailed); ok {
			for i, reason := range partial.Reasons {
				partial.Reasons[i] = clean.Replace(reason)
			}
			details = append(details, partial)
		}
	}
	return withDetails(failure.Code(), clean.Replace(failure.Message()), details...)
}

// withDetails makes the error that goes over the wire. Details that do not serialize would be a defect of the stand-in;
// the message is then all that is left to say.
func withDetails(code codes.Code, message string, details ...protoadapt.MessageV1) error {
	failure := status.New(code, message)
	detailed, err := failure.WithDetails(details...)
	if err != nil {
		return failure.Err()
	}
	return detailed.Err()
}

// secretsIn collects what the request marks as secret, longest first so that a part never hides the whole.
func secretsIn(req any) []string {
	message, ok := req.(proto.Message)
	if !ok {
		return nil
	}
	found := map[string]bool{}
	message.ProtoReflect().Range(func(_ protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if nested, ok := value.Interface().(protoreflect.Message); ok {
			if properties, ok := nested.Interface().(*structpb.Struct); ok {
				collect(structpb.NewStructValue(properties), false, found)
			}
		}
		return true
	})
	secrets := make([]string, 0, len(found))
	for secret := range found {
		secrets = append(secrets, secret)
	}
	sort.Slice(secrets, func(i, j int) bool { return len(secrets[i]) > len(secrets[j]) })
	return secrets
}

func collect(value *structpb.Value, secret bool, found map[string]bool) {
	switch v := value.GetKind().(type) {
	case *structpb.Value_StringValue:
		if secret {
			addForms(v.StringValue, found)
		}
	case *structpb.Value_ListValue:
		for _, element := range v.ListValue.GetValues() {
			collect(element, secret, found)
		}
	case *structpb.Value_StructValue:
		fields := v.StructValue.GetFields()
		if fields[sig.Key].GetStringValue() == sig.Secret {
			collect(fields["value"], true, found)
			return
		}
		for key, field := range fields {
			// A release's recorded inputs are one secret as a whole, its name and namespace with them.
			if key != "__inputs" && key != sig.Key {
				collect(field, secret || ofSecretKind(fields, key), found)
			}
		}
	}
}

func ofSecretKind(fields map[string]*structpb.Value, key string) bool {
	return fields["kind"].GetStringValue() == "Secret" && (key == "data" || key == "stringData")
}

// addForms adds the ways in which a secret may turn up in a text: as it is, in base64, decoded, escaped.
func addForms(secret string, found map[string]bool) {
	forms := []string{secret, base64.StdEncoding.EncodeToString([]byte(secret))}
	if decoded, err := base64.StdEncoding.DecodeString(secret); err == nil {
		forms = append(forms, string(decoded))
	}
	for _, form := range forms {
		if escaped, err := json.Marshal(form); err == nil {
			forms = append(forms, strings.Trim(string(escaped), `"`))
		}
	}
	for _, form := range forms {
		if len(form) >= shortestSecret {
			found[form] = true
		}
	}
}
