package io.sharedinference.project;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceUsersTest {

    @Test
    void lastServiceUserIsCurrent() {
        assertEquals("blue", ServiceUsers.initial("blue").current());
        assertEquals("blue-2", new ServiceUsers("blue", List.of("blue", "blue-2")).current());
    }

    @ParameterizedTest
    @CsvSource({"a, a-2", "a-2, a-3", "a a-2, a-3", "a-3 a-2, a-4", "a-9 a-10, a-11"})
    void nextServiceUserFollowsAllOthers(String names, String next) {
        assertEquals(next, new ServiceUsers("a", List.of(names.split(" "))).next());
    }

    @ParameterizedTest
    @CsvSource({
        "a, true",
        "a-2, true",
        "a-10, true",
        "a-1, false",
        "a-02, false",
        "a-x, false",
        "b, false",
        "ab-2, false",
        "a-2-2, false"
    })
    void recognizesServiceUsersOfTenant(String name, boolean expected) {
        assertEquals(expected, ServiceUsers.belongsTo("a", name));
    }
}
