//! Small maps as sorted lists.
//!
//! What a host links should be small: a B-tree, and a sort for each kind of pair, are twenty times this code. The keys
//! here are few, or come almost in order.

/// The value at `key` in a list that is sorted by key.
#[inline]
pub(crate) fn get<'l, K: Ord, V>(list: &'l [(K, V)], key: &K) -> Option<&'l V> {
    let at = list.binary_search_by(|(known, _)| known.cmp(key)).ok()?;
    list.get(at).map(|(_, value)| value)
}

/// Puts a value at `key`, and returns the one that was there.
pub(crate) fn insert<K: Ord, V>(list: &mut Vec<(K, V)>, key: K, value: V) -> Option<V> {
    let at = list.partition_point(|(known, _)| *known < key);
    match list.get_mut(at) {
        Some((known, old)) if *known == key => Some(std::mem::replace(old, value)),
        _ => {
            list.insert(at, (key, value));
            None
        }
    }
}

/// Takes away the value at `key`.
pub(crate) fn remove<K: Ord, V>(list: &mut Vec<(K, V)>, key: &K) -> Option<V> {
    let at = list.binary_search_by(|(known, _)| known.cmp(key)).ok()?;
    Some(list.remove(at).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_stays_sorted_and_has_a_key_once() {
        let mut list = Vec::new();
        for (key, value, replaced) in [(2, 'b', None), (1, 'a', None), (3, 'c', None), (2, 'd', Some('b'))] {
            assert_eq!(insert(&mut list, key, value), replaced, "{key}");
        }
        assert_eq!(list, [(1, 'a'), (2, 'd'), (3, 'c')]);
        assert_eq!((get(&list, &2), get(&list, &4)), (Some(&'d'), None));
        assert_eq!((remove(&mut list, &1), remove(&mut list, &1)), (Some('a'), None));
        assert_eq!(list, [(2, 'd'), (3, 'c')]);
    }
}
