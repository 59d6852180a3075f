package io.sharedinference.program;

import io.sharedinference.yaml.YamlDialect;
import io.sharedinference.yaml.YamlReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads a Helm values file. */
final class ValuesFile {

    private ValuesFile() {}

    static Values read(Path file) throws ValuesException {
        try {
            return parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ValuesException("file not found");
        } catch (CharacterCodingException e) {
            throw new ValuesException("is not UTF-8 text");
        } catch (IOException e) {
            throw new ValuesException("cannot be read: " + e.getClass().getSimpleName());
        }
    }

    static Values parse(String text) throws ValuesException {
        try {
            var documents = new YamlReader(YamlDialect.HELM).all(text);
            if (documents.stream().skip(1).anyMatch(Optional::isPresent)) {
                throw new ValuesException(
                        "contains several YAML documents: Helm 3 reads only the first, Helm 4 reads all");
            }
            return documents.isEmpty() || documents.get(0).isEmpty()
                    ? Values.EMPTY
                    : values(documents.get(0).get());
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            throw new ValuesException("is not valid YAML for Helm: line " + (mark.getLine() + 1) + ", column "
                    + (mark.getColumn() + 1) + ": " + e.getProblem());
        } catch (YAMLException e) {
            throw new ValuesException("is not valid YAML for Helm: " + e.getMessage());
        }
    }

    private static Values values(Object document) throws ValuesException {
        if (document instanceof Map<?, ?> map) {
            return new Values(asJson(map));
        }
        throw new ValuesException("must contain a map at the top level, but contains a "
                + (document instanceof List ? "list" : "single value"));
    }

    private static Map<String, Object> asJson(Map<?, ?> map) {
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> copy.put((String) key, asJson(value)));
        return copy;
    }

    /** Helm's templates read every number as a float64. */
    private static Object asJson(Object value) {
        if (value instanceof Map<?, ?> map) {
            return asJson(map);
        }
        if (value instanceof List<?> list) {
            var copy = new ArrayList<Object>();
            list.forEach(child -> copy.add(asJson(child)));
            return copy;
        }
        return value instanceof Number number ? asFloat(number) : value;
    }

    private static Number asFloat(Number number) {
        return number instanceof Integer ? number : (Number) number.doubleValue();
    }
}
