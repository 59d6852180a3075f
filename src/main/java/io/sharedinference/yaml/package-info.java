@NullMarked
package io.sharedinference.yaml;

import org.jspecify.annotations.NullMarked;
