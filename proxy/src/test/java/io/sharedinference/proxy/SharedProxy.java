package io.sharedinference.proxy;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Injects the fixture that all tests with default settings share. */
final class SharedProxy implements ParameterResolver {
    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(SharedProxy.class);

    private record Running(ProxyFixture fixture) implements AutoCloseable {
        @Override
        public void close() throws java.io.IOException {
            fixture.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ProxyFixture.class;
    }

    @Override
    public ProxyFixture resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(HERE).getOrComputeIfAbsent("proxy", key -> start(), Running.class).fixture;
    }

    private static Running start() {
        try {
            return new Running(ProxyFixture.start());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
