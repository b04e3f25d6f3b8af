package dev.drover.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

class IntegrationTagTest {

    private static final JavaClasses TESTS = new ClassFileImporter().importPath(Path.of("target", "test-classes"));

    @Test
    void shouldCarryTheTagWhenAClassStartsAServerAProcessOrTheWholeProgram() {
        assertThat(TESTS.stream().filter(IntegrationTagTest::isTest))
                .as("test classes that start a server, a process or the whole program, and lack @Integration")
                .filteredOn(test -> !test.reflect().isAnnotationPresent(Integration.class))
                .filteredOn(IntegrationTagTest::startsProcess)
                .extracting(JavaClass::getName)
                .isEmpty();
    }

    private static boolean isTest(JavaClass each) {
        return each.isTopLevelClass()
                && !each.getModifiers().contains(JavaModifier.ABSTRACT)
                && !AnnotationSupport.findAnnotatedMethods(
                                each.reflect(), Testable.class, HierarchyTraversalMode.TOP_DOWN)
                        .isEmpty();
    }

    /** Follows every call that the class may make inside the tests. */
    private static boolean startsProcess(JavaClass test) {
        Set<JavaCodeUnit> seen = new HashSet<>();
        Deque<JavaCodeUnit> open = new ArrayDeque<>();
        TESTS.stream()
                .filter(each ->
                        test.isAssignableTo(each.getName()) || each.getName().startsWith(test.getName() + "$"))
                .flatMap(each -> each.getCodeUnits().stream())
                .forEach(open::add);
        while (!open.isEmpty()) {
            JavaCodeUnit unit = open.remove();
            if (seen.add(unit)) {
                for (JavaAccess<?> access : unit.getAccessesFromSelf()) {
                    if (isStart(access)) {
                        return true;
                    }
                    reached(access, test).forEach(open::add);
                }
            }
        }
        return false;
    }

    private static boolean isStart(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        return owner.isAssignableTo(EmbeddedPostgres.class)
                || (access.getName().equals("start")
                        && (owner.isEquivalentTo(ProcessBuilder.class) || owner.isEquivalentTo(Main.class)));
    }

    private static Stream<JavaCodeUnit> reached(JavaAccess<?> access, JavaClass test) {
        JavaClass owner = access.getTargetOwner();
        Stream<JavaCodeUnit> initializer = owner.getStaticInitializer().stream().map(JavaCodeUnit.class::cast);
        if (access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target) {
            Stream<JavaCodeUnit> called = target.resolveMember().stream().map(JavaCodeUnit.class::cast);
            Stream<JavaCodeUnit> overriding = test.isAssignableTo(owner.getName())
                    ? Stream.empty()
                    : owner.getAllSubclasses().stream()
                            .flatMap(each -> each.getCodeUnits().stream())
                            .filter(unit -> unit.getName().equals(target.getName())
                                    && unit.getRawParameterTypes().equals(target.getRawParameterTypes()));
            return Stream.of(initializer, called, overriding).flatMap(units -> units);
        }
        return initializer;
    }
}
