//! How a matrix product is divided among a device's invocations: which parts of C (m, n) = A (m, depth) B (depth, n) there
//! are, and which division suits a size and a device.

use crate::backend::Tuning;

/// Tiles of 4x4 numbers that keep a graphics device busy without dividing them: 16,384 invocations in fours.
const MANY_TILES: usize = 4096;
/// Blocks of 64x64 numbers that keep a graphics device busy: about as many as large ones have processors.
const MANY_BLOCKS: usize = 128;
/// From this depth on, blocks and sixteen invocations to a tile have enough to do.
const DEEP: usize = 64;

/// See the module's documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Division {
    /// One invocation a 4x4 tile, without the workgroup's memory: for processors that imitate a graphics device, to which
    /// waiting for each other is expensive.
    Tiles,
    /// Four invocations a tile, each a quarter of the depth.
    Quarters,
    /// Sixteen invocations a tile, for a small C.
    Sixteenths,
    /// Blocks of 64x64 through the workgroup's memory, for a large C.
    Blocks,
    /// As quarters, whose sums are exchanged within subgroups.
    SubgroupQuarters,
    /// As sixteenths, whose sums are exchanged within subgroups, fours of them through the workgroup's memory.
    SubgroupSixteenths,
    /// As blocks, which the workgroup's memory holds as f16.
    HalfBlocks,
}

impl Division {
    /// Every division; tests hold each against the oracle.
    pub const ALL: [Division; 7] = [
        Division::Tiles,
        Division::Quarters,
        Division::Sixteenths,
        Division::Blocks,
        Division::SubgroupQuarters,
        Division::SubgroupSixteenths,
        Division::HalfBlocks,
    ];

    /// Short name, as the command line uses it.
    pub fn name(self) -> &'static str {
        match self {
            Division::Tiles => "tiles",
            Division::Quarters => "quarters",
            Division::Sixteenths => "sixteenths",
            Division::Blocks => "blocks",
            Division::SubgroupQuarters => "subgroup-quarters",
            Division::SubgroupSixteenths => "subgroup-sixteenths",
            Division::HalfBlocks => "half-blocks",
        }
    }

    /// What it uses that not every device has.
    pub fn needs(self) -> wgpu::Features {
        match self {
            Division::Tiles | Division::Quarters | Division::Sixteenths | Division::Blocks => wgpu::Features::empty(),
            Division::SubgroupQuarters | Division::SubgroupSixteenths => wgpu::Features::SUBGROUP,
            Division::HalfBlocks => wgpu::Features::SHADER_F16,
        }
    }

    /// This division, or the alternative that takes its place.
    pub(super) fn tuned(self, tuning: Tuning) -> Division {
        match self {
            Division::Quarters if tuning.quarters => Division::SubgroupQuarters,
            Division::Sixteenths if tuning.sixteenths => Division::SubgroupSixteenths,
            Division::Blocks if tuning.blocks => Division::HalfBlocks,
            other => other,
        }
    }

    /// The plain division for a product of this size; `software` where a processor imitates the device.
    pub(super) fn choose([m, n, depth]: [usize; 3], software: bool) -> Division {
        let parts = |of: usize| m.div_ceil(of) * n.div_ceil(of);
        if software {
            Division::Tiles
        } else if parts(64) >= MANY_BLOCKS && depth >= DEEP {
            Division::Blocks
        } else if parts(4) >= MANY_TILES || depth < DEEP {
            Division::Quarters
        } else {
            Division::Sixteenths
        }
    }

    /// Rows (and columns) of C that one workgroup computes.
    pub(super) fn side(self) -> usize {
        match self {
            Division::Tiles | Division::Quarters | Division::SubgroupQuarters => 32,
            Division::Sixteenths | Division::SubgroupSixteenths => 16,
            Division::Blocks | Division::HalfBlocks => 64,
        }
    }

    /// What `slices.wgsl` or `subgroup_slices.wgsl` is compiled with, where that is its file.
    pub(super) fn constants(self) -> &'static [(&'static str, f64)] {
        match self {
            Division::Quarters | Division::SubgroupQuarters => &[("SIDE", 8.0), ("SLICES", 4.0)],
            Division::Sixteenths | Division::SubgroupSixteenths => &[("SIDE", 4.0), ("SLICES", 16.0)],
            Division::Tiles | Division::Blocks | Division::HalfBlocks => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_division_suits_size_and_device() {
        for (m, n, depth, division) in [
            (128, 128, 784, Division::Sixteenths),
            (128, 10, 128, Division::Sixteenths),
            (785, 128, 128, Division::Quarters),
            (128, 128, 10, Division::Quarters),
            (1024, 2048, 784, Division::Blocks),
            (2049, 2048, 1024, Division::Blocks),
        ] {
            assert_eq!(Division::choose([m, n, depth], false), division, "{m} x {depth} x {n}");
            assert_eq!(Division::choose([m, n, depth], true), Division::Tiles);
        }
    }
}
