package io.sharedinference.html;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Properties;

/** uPlot, from its WebJar, with the text of its license, which the license requires. */
record ChartLibrary(String style, String script) {

    private static final String VERSION = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

    static ChartLibrary load() {
        var root = "/META-INF/resources/webjars/uplot/" + version() + "/";
        return new ChartLibrary(
                Page.resource(root + "dist/uPlot.min.css"),
                "/*\n" + Page.resource(root + "LICENSE") + "*/\n" + Page.resource(root + "dist/uPlot.iife.min.js"));
    }

    private static String version() {
        try {
            var properties = new Properties();
            properties.load(new StringReader(Page.resource(VERSION)));
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
