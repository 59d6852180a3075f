@NullMarked
package io.sharedinference.program;

import org.jspecify.annotations.NullMarked;
