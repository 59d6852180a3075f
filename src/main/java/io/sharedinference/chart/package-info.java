@NullMarked
package io.sharedinference.chart;

import org.jspecify.annotations.NullMarked;
