package io.sharedinference.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With shell scripts in the place of the Maven wrapper. */
class MavenCompilationTest {

    @TempDir
    Path checkout;

    @BeforeEach
    void sources() throws IOException {
        Files.createDirectories(checkout.resolve("proxy/src/main/java"));
        Files.createDirectories(checkout.resolve("proxy/src/image"));
        Files.writeString(checkout.resolve("proxy/pom.xml"), "<project/>");
        Files.writeString(checkout.resolve("proxy/src/main/java/Main.java"), "class Main {}");
    }

    @Test
    void compilesCopyOfSources() throws Exception {
        maven("""
                for argument in "$@"; do case "$argument" in */pom.xml) pom="$argument" ;; esac; done
                mkdir -p "${pom%/pom.xml}/target/image/app"
                cp "${pom%/pom.xml}/src/main/java/Main.java" "${pom%/pom.xml}/target/image/app/proxy.jar"
                echo "$@" > "${pom%/pom.xml}/target/image/arguments"
                """);
        Path files = compile();
        assertEquals("class Main {}", Files.readString(files.resolve("app/proxy.jar")));
        assertTrue(Files.readString(files.resolve("arguments")).contains("-Dimage.runtime=provided"));
        assertFalse(Files.exists(checkout.resolve("proxy/target")));
    }

    @Test
    void reportsMissingJdkWithFix() throws IOException {
        maven("""
                echo '[ERROR] Failed to execute goal org.apache.maven.plugins:maven-toolchains-plugin:3.3.0:select-jdk-toolchain: \
                Cannot find matching toolchain definitions for the following toolchain types:{version=[25,)}'
                exit 1
                """);
        String message = assertThrows(ImageException.class, this::compile).getMessage();
        assertTrue(message.contains("no JDK 25 found"), message);
        String fix = message.substring(message.indexOf("\nFix: "));
        assertTrue(fix.contains("install a JDK 25"), fix);
        assertTrue(fix.contains("set proxyPlatforms"), fix);
        assertTrue(fix.contains("REGISTRY/REPOSITORY@sha256:…"), fix);
        assertTrue(fix.contains("set proxyImage to chart"), fix);
    }

    @Test
    void reportsFailureWithLogTail() throws IOException {
        maven("""
                i=0; while [ $i -lt 40 ]; do i=$((i+1)); echo "line $i"; done
                echo "cannot find symbol" >&2
                exit 3
                """);
        String message = assertThrows(ImageException.class, this::compile).getMessage();
        assertTrue(message.contains("exited with code 3"), message);
        assertTrue(message.contains("line 40\n  cannot find symbol"), message);
        assertFalse(message.contains("line 20\n"), message);
        assertTrue(message.contains(checkout.resolve("work/build.log").toString()), message);
    }

    private Path compile() throws IOException, InterruptedException {
        Path work = Files.createDirectories(checkout.resolve("work"));
        return new MavenCompilation("provided").compile(ProxySources.of(checkout), work);
    }

    private void maven(String script) throws IOException {
        Path wrapper = Files.writeString(checkout.resolve("mvnw"), "#!/bin/sh\n" + script);
        assertTrue(wrapper.toFile().setExecutable(true));
    }
}
